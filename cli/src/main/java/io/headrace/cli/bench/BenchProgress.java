package io.headrace.cli.bench;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** One line on a terminal's standard error, rewritten; nothing where there is no terminal. */
final class BenchProgress {
    private final PrintStream out;
    private final boolean shown;
    private final BenchPlan plan;
    private boolean written;

    private BenchProgress(PrintStream out, boolean shown, BenchPlan plan) {
        this.out = out;
        this.shown = shown;
        this.plan = plan;
    }

    static BenchProgress onTerminal(BenchPlan plan) {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new BenchProgress(System.err, terminal, plan);
    }

    void show(Pattern pattern, long bytes, long nanos) {
        if (shown) {
            written = true;
            out.print("\r" + line(plan, pattern, bytes, nanos));
            out.flush();
        }
    }

    /** Takes the line away. */
    void done() {
        if (written) {
            written = false;
            out.print("\r\033[K");
            out.flush();
        }
    }

    static String line(BenchPlan plan, Pattern pattern, long bytes, long nanos) {
        double share = Math.max(
                (double) bytes / plan.mostBytes(), (double) nanos / plan.most().toNanos());
        return String.format(
                Locale.ROOT,
                "  %-10s %3.0f %% of its time or size  %9.1f MB/s",
                pattern,
                Math.min(100, 100 * share),
                bytes * 1e3 / Math.max(1, nanos));
    }
}
