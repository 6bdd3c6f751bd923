package io.headrace.cli.commands;

import io.headrace.protocol.v1.LoadProgress;
import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A load's progress on the terminal; nothing where there is no terminal. */
public interface LoadBar extends AutoCloseable {
    void show(LoadProgress progress);

    /** Whether anybody sees it. */
    boolean isDrawn();

    @Override
    void close();

    /** @param work such as "load" */
    static LoadBar onTerminal(String work) {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return terminal ? new Drawn(work) : none();
    }

    static LoadBar none() {
        return new LoadBar() {
            @Override
            public void show(LoadProgress progress) {}

            @Override
            public boolean isDrawn() {
                return false;
            }

            @Override
            public void close() {}
        };
    }

    /** Bytes, rate and time left by the library; files beside. */
    final class Drawn implements LoadBar {
        private static final long MEBIBYTE = 1 << 20;
        private final ProgressBar bar;

        private Drawn(String work) {
            this.bar = new ProgressBarBuilder()
                    .setTaskName(work)
                    .setUnit(" MiB", MEBIBYTE)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setInitialMax(-1)
                    .showSpeed()
                    .build();
        }

        @Override
        public void show(LoadProgress progress) {
            bar.maxHint(progress.getBytesTotal());
            bar.stepTo(progress.getBytesFetched() + progress.getBytesPresent());
            bar.setExtraMessage("%d/%d%s files"
                    .formatted(progress.getFilesDone(), progress.getFilesTotal(), progress.getCounting() ? "+" : ""));
        }

        @Override
        public boolean isDrawn() {
            return true;
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
