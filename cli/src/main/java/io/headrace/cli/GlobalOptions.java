package io.headrace.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command takes. */
public final class GlobalOptions {
    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Tell more, and show where failures come from.")
    private boolean verbose;

    public boolean verbose() {
        return verbose;
    }
}
