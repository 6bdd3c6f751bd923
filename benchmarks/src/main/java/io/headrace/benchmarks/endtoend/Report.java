package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of one run, as text, JSON and a chart. */
final class Report {
    private record Row(String id, String question, Figure figure) {}

    private final String machine;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    Report(String machine) {
        this.machine = machine;
    }

    void add(Scenario scenario, List<Figure> figures) {
        figures.forEach(figure -> rows.add(new Row(scenario.id(), scenario.question(), figure)));
    }

    void addFailure(Scenario scenario, Exception failure) {
        failures.add(scenario.id() + ": " + failure);
    }

    boolean complete() {
        return failures.isEmpty();
    }

    String markdown() {
        StringBuilder text = new StringBuilder("Machine: " + machine + "\n\n");
        text.append(
                "| id | figure | must reach | median | min – max | n | met | behind it |\n|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            Figure figure = row.figure;
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | **%.3g** | %.3g – %.3g | %d | %s | %s |%n",
                    row.id,
                    figure.name(),
                    figure.target(),
                    figure.median(),
                    figure.minimum(),
                    figure.maximum(),
                    figure.samples().size(),
                    figure.reached() ? "yes" : "**no**",
                    figure.detail()));
        }
        failures.forEach(
                failure -> text.append("\nNot measured: ").append(failure).append('\n'));
        return text.toString();
    }

    void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("figures.md"), markdown());
        Files.writeString(folder.resolve("figures.json"), json());
        Files.writeString(
                folder.resolve("figures.svg"),
                new ReachedChart(rows.stream()
                                .map(row -> new ReachedChart.Bar(row.id + " " + row.figure.name(), row.figure))
                                .toList())
                        .svg());
    }

    private String json() {
        List<String> lines = rows.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "  {\"id\": %s, \"question\": %s, \"figure\": %s, \"target\": %s, \"median\": %.6g, \"samples\": %s,"
                                + " \"reached\": %b, \"detail\": %s}",
                        quoted(row.id),
                        quoted(row.question),
                        quoted(row.figure.name()),
                        quoted(row.figure.target().toString()),
                        row.figure.median(),
                        row.figure.samples(),
                        row.figure.reached(),
                        quoted(row.figure.detail())))
                .toList();
        return "{\"machine\": " + quoted(machine) + ", \"figures\": [\n" + String.join(",\n", lines) + "\n]}\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"';
    }
}
