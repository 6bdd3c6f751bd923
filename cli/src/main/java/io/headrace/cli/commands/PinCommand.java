package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        description =
                "Keeps files, cached now or later, from eviction. Survives restarts; 'headrace load' brings them in.")
public final class PinCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories below a mount.")
    private List<Path> given = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Pinning.set(given, true);
        return ExitCode.OK.status();
    }
}
