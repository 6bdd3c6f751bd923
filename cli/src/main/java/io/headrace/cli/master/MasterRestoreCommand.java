package io.headrace.cli.master;

import io.headrace.cli.ExitCode;
import io.headrace.master.backup.BackupFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Makes a master's directory of a backup. The directory must be empty, or left by a restore that did not end.")
final class MasterRestoreCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "What 'master backup' wrote; it is checked before anything is touched.")
    private Path file = Path.of("");

    @Option(names = "--directory", paramLabel = "DIR", required = true, description = "The new master's directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws Exception {
        new BackupFile(file).restore(directory, Clock.systemUTC());
        System.out.println("Restored. Start it with: headrace master --directory " + directory
                + ", when the old master runs no more: two of one cluster would contradict each other.");
        return ExitCode.OK.status();
    }
}
