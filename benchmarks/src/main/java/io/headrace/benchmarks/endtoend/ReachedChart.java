package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target;
import java.util.List;
import java.util.Locale;

/** One bar a figure, its length how far the median is relative to what it must reach: past the line is good. */
record ReachedChart(List<Bar> bars) {
    private static final int ROW = 26;
    private static final int LABEL = 420;
    private static final int UNIT = 180;
    private static final double LONGEST = 2.4;

    record Bar(String label, Figure figure) {
        double reached() {
            return switch (figure.target()) {
                case Target.AtLeast(double bound) -> figure.median() / bound;
                case Target.AtMost(double bound) -> bound / Math.max(figure.median(), 1e-9);
            };
        }
    }

    String svg() {
        int width = LABEL + (int) (UNIT * LONGEST) + 90;
        int height = bars.size() * ROW + 40;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                width,
                height));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = 30 + i * ROW;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>"
                            + "<text x=\"%.0f\" y=\"%d\">%.3g (%s)</text>%n",
                    LABEL - 10,
                    y + 13,
                    escaped(bar.label()),
                    LABEL,
                    y,
                    UNIT * Math.min(bar.reached(), LONGEST),
                    ROW - 8,
                    bar.figure().reached() ? "#2a7d4f" : "#c0392b",
                    LABEL + UNIT * Math.min(bar.reached(), LONGEST) + 6,
                    y + 13,
                    bar.figure().median(),
                    escaped(bar.figure().target().toString())));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"18\" x2=\"%d\" y2=\"%d\" stroke=\"#333\" stroke-dasharray=\"4 3\"/>"
                        + "<text x=\"%d\" y=\"14\" text-anchor=\"middle\">must reach</text></svg>%n",
                LABEL + UNIT,
                LABEL + UNIT,
                height - 6,
                LABEL + UNIT));
        return svg.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
