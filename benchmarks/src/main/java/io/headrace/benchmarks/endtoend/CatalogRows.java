package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** P10, the part without a mount: what {@link io.headrace.benchmarks.catalog.Main} prints, of a process of its own. */
final class CatalogRows implements Scenario {
    private static final int OBJECTS = 1_000_000;
    private static final int IN_DIRECTORY = 1000;

    @Override
    public String id() {
        return "P10c";
    }

    @Override
    public String question() {
        return "catalog: import, stat and size of a million objects";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        List<String> outputs = bench.repeated(() -> measure(bench));
        return List.of(
                new Figure("import, thousand/s", new AtLeast(300), all(outputs, "import, thousand/s"), cpu(outputs)),
                new Figure(
                        "stat (entry by id), thousand/s",
                        new AtLeast(100),
                        all(outputs, "entry by id, at random, one thread, thousand/s"),
                        "one thread, at random, second round"),
                new Figure(
                        "lookup by name, thousand/s",
                        new AtLeast(100),
                        all(outputs, "lookup, at random, one thread, thousand/s"),
                        "one thread, at random, second round"),
                new Figure(
                        "bytes a file",
                        new AtMost(250),
                        all(outputs, "bytes a file on disk, as imported"),
                        "on disk, as imported"));
    }

    private static String measure(Workbench bench) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "--enable-native-access=ALL-UNNAMED",
                        // As the daemon runs.
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx768m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        io.headrace.benchmarks.catalog.Main.class.getName(),
                        bench.folder("p10c").toString(),
                        Long.toString(Math.max(10_000, (long) (OBJECTS * bench.scale()))),
                        Integer.toString(IN_DIRECTORY))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the catalog's benchmark ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }

    private static List<Double> all(List<String> outputs, String row) {
        return outputs.stream().map(output -> last(output, row)).toList();
    }

    private static String cpu(List<String> outputs) {
        return String.format(
                Locale.ROOT,
                "%.0f thousand a CPU second (last)",
                last(outputs.getLast(), "  thousand for each CPU second"));
    }

    /** The last line of this name, but the first of what follows the import. */
    private static double last(String output, String row) {
        Matcher rows =
                Pattern.compile("(?m)^" + Pattern.quote(row) + "\\s+([0-9.]+)$").matcher(output);
        double value = Double.NaN;
        while (rows.find()) {
            value = Double.parseDouble(rows.group(1));
            if (row.startsWith(" ")) {
                break;
            }
        }
        return value;
    }
}
