package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** P12: from the command to a mount that answers, and what the idle daemon holds. */
final class Startup implements Scenario {
    private static final long SETTLE_MILLIS = 3_000;
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public String id() {
        return "P12";
    }

    @Override
    public String question() {
        return "mount ready; resident memory of the idle daemon";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path origin = bench.folder("p12-origin");
        Files.writeString(origin.resolve("hello.txt"), "hello\n");
        Path mountPoint = bench.folder("p12-mount");
        Path cache = bench.folder("p12-cache");
        List<Double> ready = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        for (int i = 0; i <= bench.repetitions(); i++) {
            try (MountedHeadrace mounted = MountedHeadrace.mount(
                    bench.repository(), Map.of(), origin.toUri().toString(), mountPoint, "--cache", cache + ":1GiB")) {
                Files.readString(mountPoint.resolve("hello.txt"));
                Thread.sleep(SETTLE_MILLIS);
                if (i > 0) {
                    ready.add(mounted.readySeconds());
                    resident.add(Processes.residentBytes(mounted.pid()) / MEBIBYTE);
                }
            }
        }
        return List.of(
                new Figure("mount ready, s", new AtMost(1), ready, "bin/headrace mount, from start to return"),
                new Figure("idle RSS, MiB", new AtMost(200), resident, "3 s after the first read"));
    }
}
