package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "unpin", mixinStandardHelpOptions = true, description = "Lets pinned files be evicted again.")
public final class UnpinCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories below a mount.")
    private List<Path> given = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Pinning.set(given, false);
        return ExitCode.OK.status();
    }
}
