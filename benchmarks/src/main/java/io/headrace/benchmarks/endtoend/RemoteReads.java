package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.RoutedSource;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** P4: blocks of a worker's process over loopback, by four connections, against one stream of iperf3. */
final class RemoteReads implements Scenario {
    private static final long FILE_BYTES = 1L << 30;
    private static final int CONNECTIONS = 4;
    private static final int PASSES = 4;
    private static final int BUFFER_BYTES = 1 << 20;

    @Override
    public String id() {
        return "P4";
    }

    @Override
    public String question() {
        return "remote block reads, 4 connections ÷ iperf3, one stream";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        long bytes = bench.scaled(FILE_BYTES);
        Process server = BlockServing.start(bench.folder("p4-worker"), bytes);
        try (WorkerConnections connections = new WorkerConnections(PeerSettings.defaults(), () -> Bytes.EMPTY)) {
            Worker worker = BlockServing.worker(server);
            List<Stop> stops = List.of(new Stop(worker, Reach.CACHED));
            RangeSource source = new RoutedSource((version, block) -> stops, connections, Optional.empty());
            Workbench.Pairs pairs =
                    bench.pairs(() -> IperfStream.send(PASSES * bytes), () -> read(source, bytes, server.pid()));
            return List.of(
                    new Figure("rate", new AtLeast(1.5), pairs.rateRatios(), pairs.detail()),
                    new Figure(
                            "CPU-s/GB, client and worker",
                            new AtMost(0.30),
                            pairs.ours().stream()
                                    .map(Timing::cpuSecondsPerGigabyte)
                                    .toList(),
                            "user and system of both processes, by ticks of 10 ms"));
        } finally {
            server.getOutputStream().close();
            server.waitFor();
        }
    }

    /** Each thread reads its share of the file, on a connection of its own, several times. */
    private static Timing read(RangeSource source, long bytes, long worker) throws Exception {
        long self = ProcessHandle.current().pid();
        double cpuBefore = Processes.cpuSeconds(self) + Processes.cpuSeconds(worker);
        Stopwatch stopwatch = Stopwatch.start();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> shares = new ArrayList<>();
            long share = bytes / CONNECTIONS;
            for (int i = 0; i < CONNECTIONS; i++) {
                ByteRange range = new ByteRange(i * share, share);
                shares.add(threads.submit(() -> {
                    readShare(source, BlockServing.file(bytes), range);
                    return null;
                }));
            }
            for (Future<?> done : shares) {
                done.get();
            }
        }
        Timing wall = stopwatch.stop(PASSES * bytes);
        double cpu = Processes.cpuSeconds(self) + Processes.cpuSeconds(worker) - cpuBefore;
        return new Timing(wall.bytes(), wall.seconds(), cpu);
    }

    private static void readShare(RangeSource source, FileVersion version, ByteRange range) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        for (int pass = 0; pass < PASSES; pass++) {
            try (ReadableByteChannel channel = source.open(version, range, FetchReason.DEMAND)) {
                int count = 0;
                while (count >= 0) {
                    count = channel.read(buffer.clear());
                }
            }
        }
    }
}
