package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.RoutedSource;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.local.NodeStores;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** P5: 4 KiB at random places of a file that a worker's process keeps, by its descriptor and over one loopback connection. */
final class PageReads implements Scenario {
    private static final long FILE_BYTES = 1L << 30;
    private static final int PAGE_BYTES = 4 << 10;
    private static final int READS = 100_000;
    private static final int WARM_UP_READS = 20_000;
    private static final double MEDIAN = 0.5;
    private static final double ALMOST_ALL = 0.99;

    @Override
    public String id() {
        return "P5";
    }

    @Override
    public String question() {
        return "4 KiB random reads, short circuit and remote";
    }

    private static final class Latencies {
        private final long[] nanos;
        private final double cpuSeconds;

        /** @param nanos sorted */
        Latencies(long[] nanos, double cpuSeconds) {
            this.nanos = nanos;
            this.cpuSeconds = cpuSeconds;
        }

        double micros(double share) {
            return nanos[(int) Math.min(nanos.length - 1, share * nanos.length)] / 1e3;
        }

        double cpuMicrosPerRead() {
            return cpuSeconds * 1e6 / nanos.length;
        }
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        long bytes = bench.scaled(FILE_BYTES);
        Path folder = bench.folder("p5-worker");
        Process server = BlockServing.start(folder, bytes);
        PeerSettings defaults = PeerSettings.defaults();
        PeerSettings oneConnection =
                new PeerSettings(1, defaults.connectTimeout(), defaults.stallTimeout(), defaults.deadline());
        try (WorkerConnections connections = new WorkerConnections(oneConnection, () -> Bytes.EMPTY)) {
            Worker worker = BlockServing.worker(server);
            try (NodeStores near = new NodeStores(viewOf(worker), BlockServing.settings(folder), () -> Bytes.EMPTY)) {
                List<Stop> stops = List.of(new Stop(worker, Reach.CACHED));
                List<Latencies> shortCircuit = measured(
                        bench,
                        new RoutedSource((version, block) -> stops, connections, Optional.empty(), Optional.of(near)),
                        bytes,
                        server.pid());
                if (near.tally().bytes() == 0 || near.tally().failures() > 0) {
                    throw new IOException("the worker's file was not read by its descriptor");
                }
                List<Latencies> remote = measured(
                        bench,
                        new RoutedSource((version, block) -> stops, connections, Optional.empty()),
                        bytes,
                        server.pid());
                return List.of(
                        figure("short circuit, p50 µs", 20, MEDIAN, shortCircuit),
                        figure("remote, p50 µs", 80, MEDIAN, remote),
                        figure("remote, p99 µs", 400, ALMOST_ALL, remote));
            }
        } finally {
            server.getOutputStream().close();
            server.waitFor();
        }
    }

    private static ClusterViews viewOf(Worker worker) {
        ClusterView view = new ClusterView(1, List.of(worker));
        return new ClusterViews() {
            @Override
            public ClusterView current() {
                return view;
            }

            @Override
            public List<ClusterView> earlier() {
                return List.of();
            }
        };
    }

    private static List<Latencies> measured(Workbench bench, RangeSource source, long bytes, long worker)
            throws Exception {
        FileVersion version = BlockServing.file(bytes);
        Latencies _ = read(source, version, worker, WARM_UP_READS);
        return bench.repeated(() -> read(source, version, worker, READS));
    }

    private static Latencies read(RangeSource source, FileVersion version, long worker, int count) throws IOException {
        long self = ProcessHandle.current().pid();
        SplittableRandom random = new SplittableRandom(5);
        ByteBuffer buffer = ByteBuffer.allocateDirect(PAGE_BYTES);
        long pages = version.lengthBytes() / PAGE_BYTES;
        long[] nanos = new long[count];
        double cpuBefore = Processes.cpuSeconds(self) + Processes.cpuSeconds(worker);
        for (int i = 0; i < count; i++) {
            ByteRange page = new ByteRange(random.nextLong(pages) * PAGE_BYTES, PAGE_BYTES);
            buffer.clear();
            long begun = System.nanoTime();
            try (ReadableByteChannel channel = source.open(version, page, FetchReason.DEMAND)) {
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer) < 0) {
                        throw new IOException("a page ended early");
                    }
                }
            }
            nanos[i] = System.nanoTime() - begun;
        }
        double cpu = Processes.cpuSeconds(self) + Processes.cpuSeconds(worker) - cpuBefore;
        Arrays.sort(nanos);
        return new Latencies(nanos, cpu);
    }

    private static Figure figure(String name, double most, double share, List<Latencies> runs) {
        Latencies first = runs.getFirst();
        String detail = String.format(
                Locale.ROOT,
                "first run: p50 %.1f, p99 %.1f, p99.9 %.1f µs; %.1f µs of CPU a read, client and worker",
                first.micros(MEDIAN),
                first.micros(ALMOST_ALL),
                first.micros(0.999),
                first.cpuMicrosPerRead());
        return new Figure(
                name,
                new AtMost(most),
                runs.stream().map(run -> run.micros(share)).toList(),
                detail);
    }
}
