package io.headrace.cli.master;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.protocol.v1.BackupPart;
import io.headrace.protocol.v1.BackupsGrpc;
import io.headrace.protocol.v1.TakeBackupRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backup as the master sends it. One thread. */
final class BackupStream extends InputStream {
    private static final long PART_SECONDS = 60;

    private final MasterConnection master;
    private final BlockingClientCall<?, BackupPart> call;
    private InputStream part = InputStream.nullInputStream();
    private Optional<Exception> failure = Optional.empty();

    private BackupStream(MasterConnection master, BlockingClientCall<?, BackupPart> call) {
        this.master = master;
        this.call = call;
    }

    static BackupStream start(MasterConnection master, boolean withoutNames) {
        return new BackupStream(
                master,
                BackupsGrpc.newBlockingV2Stub(master.channel())
                        .take(TakeBackupRequest.newBuilder()
                                .setWithoutNames(withoutNames)
                                .build()));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = part.read(target, from, length);
        while (count < 0 && next()) {
            count = part.read(target, from, length);
        }
        return count;
    }

    /** Whether there is another part. */
    private boolean next() throws IOException {
        try {
            BackupPart next = call.read(PART_SECONDS, TimeUnit.SECONDS);
            if (next != null) {
                part = next.getContent().newInput();
            }
            return next != null;
        } catch (StatusException | TimeoutException e) {
            failure = Optional.of(e);
            throw new IOException("the master's backup did not come to its end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a backup was taken");
        }
    }

    /** What the reader of this stream failed with, or why the stream itself failed, which comes first. */
    Exception cause(IOException failed) throws IOException {
        return switch (failure.orElse(failed)) {
            case StatusException e -> master.failure(e);
            case TimeoutException _ ->
                new CommandException(ExitCode.FAILED, "the master sent nothing for " + PART_SECONDS + " s");
            case Exception other -> other;
        };
    }

    @Override
    public void close() {
        call.cancel("the backup is whole, or given up", null);
    }
}
