package io.headrace.cli.master;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.master.backup.BackupFile;
import io.headrace.master.backup.OriginBackup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a master's directory of a backup, which is checked before anything is touched.",
            "The directory must be empty, or left by a restore that did not end."
        })
final class MasterRestoreCommand implements Callable<Integer> {
    @Mixin
    private BackupPlace place = new BackupPlace();

    @Option(names = "--directory", paramLabel = "DIR", required = true, description = "The new master's directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws Exception {
        restore();
        System.out.println("Restored. Start it with: headrace master --directory " + directory
                + ", when the old master runs no more: two of one cluster would contradict each other.");
        return ExitCode.OK.status();
    }

    private void restore() throws IOException, CommandException {
        Optional<OriginBackup> origin = place.origin();
        if (origin.isEmpty()) {
            new BackupFile(place.file()).restore(directory, Clock.systemUTC());
            return;
        }
        try (OriginBackup backup = origin.get()) {
            backup.restore(directory, Clock.systemUTC());
        }
    }
}
