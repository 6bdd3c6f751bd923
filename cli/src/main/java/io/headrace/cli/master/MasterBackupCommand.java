package io.headrace.cli.master;

import io.headrace.cli.ExitCode;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.cluster.MasterOption;
import io.headrace.master.backup.BackupFile;
import io.headrace.master.backup.OriginBackup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes what a running master knows into a file, or an object: data sets, members and names.",
            "An older backup there is replaced when the new one is whole and right."
        })
final class MasterBackupCommand implements Callable<Integer> {
    @Mixin
    private BackupPlace place = new BackupPlace();

    @Mixin
    private MasterOption master = new MasterOption();

    @Option(
            names = "--without-names",
            description = "Leave the names out: the file is small, and the origins are listed anew after a restore.")
    private boolean withoutNames;

    @Override
    public Integer call() throws Exception {
        Optional<OriginBackup> origin = place.origin();
        try (MasterConnection connection = master.connect();
                BackupStream stream = BackupStream.start(connection, withoutNames)) {
            try {
                System.out.println(origin.isPresent() ? store(stream, origin.get()) : store(stream, place.file()));
            } catch (IOException e) {
                throw stream.cause(e);
            }
        } finally {
            origin.ifPresent(OriginBackup::close);
        }
        return ExitCode.OK.status();
    }

    private static String store(InputStream stream, OriginBackup origin) throws IOException {
        return "The backup " + origin + " has " + origin.store(stream) + " bytes, and was checked on its way.";
    }

    private static String store(InputStream stream, Path whole) throws IOException {
        Path fresh = whole.resolveSibling(whole.getFileName() + ".new");
        try {
            write(stream, fresh);
            new BackupFile(fresh).verify();
            Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
            return "The backup " + whole + " has " + Files.size(whole) + " bytes, and was read back.";
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void write(InputStream stream, Path file) throws IOException {
        try (FileChannel out = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream bytes = Channels.newOutputStream(out)) {
            long _ = stream.transferTo(bytes);
            out.force(true);
        }
    }
}
