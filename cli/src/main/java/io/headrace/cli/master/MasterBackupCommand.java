package io.headrace.cli.master;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.cluster.MasterOption;
import io.headrace.master.backup.BackupFile;
import io.headrace.protocol.v1.BackupPart;
import io.headrace.protocol.v1.BackupsGrpc;
import io.headrace.protocol.v1.TakeBackupRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes what a running master knows into a file: data sets, members and names.")
final class MasterBackupCommand implements Callable<Integer> {
    private static final long PART_SECONDS = 60;

    @Parameters(
            paramLabel = "FILE",
            description = "The backup; an older one there is replaced when the new one is whole.")
    private Path file = Path.of("");

    @Mixin
    private MasterOption master = new MasterOption();

    @Option(
            names = "--without-names",
            description = "Leave the names out: the file is small, and the origins are listed anew after a restore.")
    private boolean withoutNames;

    @Override
    public Integer call() throws Exception {
        Path whole = file.toAbsolutePath();
        Path fresh = whole.resolveSibling(whole.getFileName() + ".new");
        try (MasterConnection connection = master.connect()) {
            receive(connection, fresh);
            new BackupFile(fresh).verify();
            Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
            System.out.println("The backup " + whole + " has " + Files.size(whole) + " bytes, and was read back.");
            return ExitCode.OK.status();
        } catch (TimeoutException e) {
            throw new CommandException(
                    ExitCode.FAILED, "the master at " + master.endpoints() + " sent nothing for " + PART_SECONDS + " s");
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void receive(MasterConnection connection, Path fresh)
            throws IOException, CommandException, TimeoutException, InterruptedException {
        BlockingClientCall<?, BackupPart> call = BackupsGrpc.newBlockingV2Stub(connection.channel())
                .take(TakeBackupRequest.newBuilder()
                        .setWithoutNames(withoutNames)
                        .build());
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            BackupPart part = call.read(PART_SECONDS, TimeUnit.SECONDS);
            while (part != null) {
                ByteBuffer bytes = part.getContent().asReadOnlyByteBuffer();
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                part = call.read(PART_SECONDS, TimeUnit.SECONDS);
            }
            out.force(true);
        } catch (StatusException e) {
            throw connection.failure(e);
        } finally {
            call.cancel("the backup is whole, or given up", null);
        }
    }
}
