package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** P2: a loader maps a complete model through the mount, against the same model on tmpfs. */
final class WarmLoad implements Scenario {
    private static final long MODEL_BYTES = 4L << 30;

    @Override
    public String id() {
        return "P2";
    }

    @Override
    public String question() {
        return "mmap load of a 4 GiB model, every byte, warm mount ÷ tmpfs";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path origin = bench.folder("p2-origin");
        Path model = origin.resolve("model.safetensors");
        Workbench.writeRandom(model, bench.scaled(MODEL_BYTES), 2);
        Path tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "headrace-bench-");
        Path onTmpfs = tmpfs.resolve("model.safetensors");
        Workbench.writeRandom(onTmpfs, bench.scaled(MODEL_BYTES), 2);
        try (MountedHeadrace mounted = MountedHeadrace.mount(
                bench.repository(),
                Map.of(),
                origin.toUri().toString(),
                bench.folder("p2-mount"),
                "--memory",
                "0",
                "--cache",
                bench.folder("p2-cache") + ":8GiB")) {
            Path ours = mounted.directory().resolve("model.safetensors");
            mounted.headrace("load", ours.toString());
            long readsBefore = mounted.servedReads();
            Workbench.Pairs pairs = bench.pairs(() -> Reads.mappedWhole(onTmpfs), () -> Reads.mappedWhole(ours));
            List<Double> served = new ArrayList<>(List.of((double) (mounted.servedReads() - readsBefore)));
            return List.of(
                    new Figure("mmap load time ÷ tmpfs", new AtMost(1.10), pairs.timeRatios(), pairs.detail()),
                    new Figure("READs that reached the daemon", new AtMost(0), served, "counted over all loads"));
        } finally {
            Workbench.deleteTree(tmpfs);
            Workbench.deleteTree(origin);
        }
    }
}
