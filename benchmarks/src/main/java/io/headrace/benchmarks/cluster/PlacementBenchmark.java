package io.headrace.benchmarks.cluster;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.PlacementKey;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Who owns one block, as a reader asks for each block of a file. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlacementBenchmark {
    @Param({"8", "100", "1000"})
    public int workers;

    private final RendezvousPlacement placement = new RendezvousPlacement();
    private final FileVersion version = new FileVersion(
            new MountId("00ff00ff00ff00ff"),
            ObjectKey.of("models/llama-2-7b/model-00001-of-00002.safetensors"),
            4_976_698_672L,
            new EntityTag("\"5d41402abc4b2a76b9719d911017c592-594\""));
    private final PlacementKey key = PlacementKey.of(version);
    private ClusterView view = ClusterView.NONE;
    private int block;

    @Setup
    public void join() {
        view = new ClusterView(
                1, IntStream.range(0, workers).mapToObj(this::worker).toList());
    }

    private Worker worker(int number) {
        String host = "host-" + number;
        return new Worker(
                new WorkerId("worker-" + number),
                new Endpoint(host, 7000),
                new Topology(host, Optional.of("zone-" + number % 3), Optional.empty()),
                1L << 40,
                WorkerState.ACTIVE);
    }

    @Benchmark
    public PlacementKey keyOfAFile() {
        return PlacementKey.of(version);
    }

    @Benchmark
    public List<Worker> oneOwner() {
        return placement.owners(key, block++ & 0xffff, view, 1);
    }

    @Benchmark
    public List<Worker> threeOwners() {
        return placement.owners(key, block++ & 0xffff, view, 3);
    }
}
