package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** P8: what {@code headrace demo} shows, with a smaller model: straight from the store, first start, second start. */
final class Starts implements Scenario {
    private static final long MODEL_BYTES = 2L << 30;
    private static final double ORIGIN_BYTES_PER_SECOND = 125e6;
    private static final Pattern START = Pattern.compile(
            "\"bytes\": (\\d+), \"seconds\": ([0-9.]+), \"originBytes\": (\\d+), \"wrongBytes\": (\\d+)");

    private record Start(double bytes, double seconds, double wrongBytes) {}

    @Override
    public String id() {
        return "P8";
    }

    @Override
    public String question() {
        return "headrace demo, 2 GiB, origin of 125 MB/s";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        List<List<Start>> demos = bench.repeated(() -> demo(bench));
        List<Start> last = demos.getLast();
        String seconds = String.format(
                Locale.ROOT,
                "last: straight %.2f s, first %.2f s, second %.2f s",
                last.get(0).seconds,
                last.get(1).seconds,
                last.get(2).seconds);
        return List.of(
                new Figure(
                        "first start ÷ the origin's rate",
                        new AtLeast(0.95),
                        demos.stream()
                                .map(starts -> starts.get(1).bytes / starts.get(1).seconds / ORIGIN_BYTES_PER_SECOND)
                                .toList(),
                        seconds),
                new Figure(
                        "second start, times as fast as straight",
                        new AtLeast(15),
                        demos.stream()
                                .map(starts -> starts.get(0).seconds / starts.get(2).seconds)
                                .toList(),
                        seconds),
                new Figure(
                        "wrong bytes",
                        new AtMost(0),
                        demos.stream()
                                .map(starts -> starts.stream()
                                        .mapToDouble(Start::wrongBytes)
                                        .sum())
                                .toList(),
                        "in all three"));
    }

    private static List<Start> demo(Workbench bench) throws IOException, InterruptedException {
        Path folder = bench.folder("p8");
        Process process = new ProcessBuilder(
                        bench.repository().resolve("bin/headrace").toString(),
                        "demo",
                        "--output",
                        "json",
                        "--size",
                        bench.scaled(MODEL_BYTES) + "B",
                        "--chart",
                        folder.resolve("chart.svg").toString())
                .redirectError(folder.resolve("progress").toFile())
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the demo ended with " + process.exitValue() + ": " + said);
        }
        List<Start> starts = new ArrayList<>();
        Matcher rows = START.matcher(said);
        while (rows.find()) {
            starts.add(new Start(
                    Double.parseDouble(rows.group(1)),
                    Double.parseDouble(rows.group(2)),
                    Double.parseDouble(rows.group(4))));
        }
        return starts;
    }
}
