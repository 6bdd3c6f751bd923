package io.headrace.cli.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;

/** One line that shows how far a load is; rewritten on a terminal, ten lines in all elsewhere. */
final class ProgressLine implements LongConsumer {
    private static final long EVERY_NANOS = 200_000_000;
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final String name;
    private final long total;
    private final long started = System.nanoTime();
    private long done;
    private long told = started;
    private long tenths;

    ProgressLine(PrintStream out, boolean terminal, String name, long total) {
        this.out = out;
        this.terminal = terminal;
        this.name = name;
        this.total = total;
    }

    @Override
    public void accept(long bytes) {
        done += bytes;
        if (terminal) {
            long now = System.nanoTime();
            if (now - told >= EVERY_NANOS || done == total) {
                told = now;
                out.print("\r" + line());
                out.flush();
            }
            if (done == total) {
                out.println();
            }
        } else if (done * 10 / total > tenths) {
            tenths = done * 10 / total;
            out.println(line());
        }
    }

    private String line() {
        double seconds = Math.max(1e-9, (System.nanoTime() - started) / 1e9);
        int filled = (int) (done * WIDTH / total);
        return String.format(
                Locale.ROOT,
                "  %-24s [%s%s] %3d %%  %7.1f MB/s",
                name,
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                done * 100 / total,
                done / seconds / 1e6);
    }
}
