package io.headrace.cli.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The starts beside each other, for a terminal and as a picture. */
record DemoReport(String title, List<Start> starts) {
    private static final int BAR = 48;
    private static final int WIDTH = 760;
    private static final int LEFT = 190;
    private static final int ROW = 44;
    private static final int TOP = 56;

    DemoReport {
        starts = List.copyOf(starts);
    }

    String asText() {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        text.append("  %-22s %9s %11s %9s %13s %12s%n"
                .formatted("", "seconds", "MB/s", "times", "from origin", "wrong bytes"));
        for (Start start : starts) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-22s %9.2f %11.1f %8.1fx %10.1f MB %12d%n",
                    start.name(),
                    start.seconds(),
                    start.bytesPerSecond() / 1e6,
                    times(start),
                    start.originBytes() / 1e6,
                    start.wrongBytes()));
        }
        text.append('\n');
        for (Start start : starts) {
            int length = Math.max(1, (int) Math.round(BAR * start.seconds() / slowest()));
            text.append(String.format(
                    Locale.ROOT, "  %-22s %s %.2f s%n", start.name(), "█".repeat(length), start.seconds()));
        }
        return text.toString();
    }

    /** One object, for programs. */
    String asJson() {
        String rows = starts.stream()
                .map(start -> String.format(
                        Locale.ROOT,
                        "  {\"name\": \"%s\", \"bytes\": %d, \"seconds\": %.3f, \"originBytes\": %d, \"wrongBytes\": %d}",
                        start.name(),
                        start.bytes(),
                        start.seconds(),
                        start.originBytes(),
                        start.wrongBytes()))
                .collect(Collectors.joining(",\n"));
        return "{\"title\": \"" + title + "\", \"starts\": [\n" + rows + "\n]}\n";
    }

    /** Times to load, as bars; readable on light and dark pages. */
    String asSvg() {
        int height = TOP + ROW * starts.size() + 16;
        StringBuilder svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\">%n"
                        .formatted(WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"16\" y=\"30\" font-size=\"16\" fill=\"#1f2933\">%s</text>%n".formatted(escaped(title)));
        int y = TOP;
        for (Start start : starts) {
            double width = Math.max(2, (WIDTH - LEFT - 170) * start.seconds() / slowest());
            svg.append("<text x=\"16\" y=\"%d\" font-size=\"14\" fill=\"#1f2933\">%s</text>%n"
                    .formatted(y + 20, escaped(start.name())));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"28\" rx=\"3\" fill=\"#2b6cb0\"/>%n",
                    LEFT,
                    y,
                    width));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" font-size=\"14\" fill=\"#1f2933\">%.2f s (%.1f times as fast)</text>%n",
                    LEFT + width + 8,
                    y + 20,
                    start.seconds(),
                    times(start)));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private double slowest() {
        return starts.stream().mapToDouble(Start::seconds).max().orElse(1);
    }

    /** How many times as fast as the first. */
    private double times(Start start) {
        return starts.getFirst().seconds() / start.seconds();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
