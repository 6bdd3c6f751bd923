package io.headrace.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.client.names.MasterException;
import io.headrace.fuse.MountException;
import io.headrace.master.backup.DamagedBackupException;
import io.headrace.master.lead.LedByAnotherException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.credential.CredentialException;
import io.headrace.store.DirectoryInUseException;
import io.headrace.store.InsufficientSpaceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** What a failure is to the user: an exit code and a sentence. */
public record Failures(ExitCode code, String message) {
    public static Failures of(Throwable failure) {
        return switch (failure) {
            case CommandException e -> new Failures(e.code(), text(e));
            case OriginException e -> new Failures(codeOf(e), text(e));
            case MasterException.Unavailable e -> new Failures(ExitCode.ORIGIN_UNAVAILABLE, text(e));
            case MountException e -> new Failures(codeOf(e), text(e));
            case DirectoryInUseException e -> new Failures(ExitCode.BUSY, text(e));
            case LedByAnotherException e -> new Failures(ExitCode.BUSY, text(e));
            case InsufficientSpaceException e -> new Failures(ExitCode.ENVIRONMENT, text(e));
            case CredentialException e -> new Failures(ExitCode.ENVIRONMENT, text(e));
            case NoSuchFileException e -> new Failures(ExitCode.NOT_FOUND, "there is no " + e.getFile());
            case AccessDeniedException e ->
                new Failures(ExitCode.ENVIRONMENT, "permission denied: " + e.getFile() + ". Check its owner and mode");
            case FileSystemException e ->
                new Failures(
                        ExitCode.ENVIRONMENT, e.getFile() + ": " + Objects.toString(e.getReason(), "cannot be used"));
            case IllegalArgumentException e -> new Failures(ExitCode.USAGE, text(e));
            case StatusRuntimeException e -> ofCall(e);
            case InterruptedException e -> new Failures(ExitCode.INTERRUPTED, "interrupted");
            case DamagedBackupException e -> new Failures(ExitCode.DAMAGED, text(e));
            case IOException e -> new Failures(ExitCode.FAILED, text(e));
            default -> new Failures(ExitCode.FAILED, failure.toString());
        };
    }

    private static ExitCode codeOf(OriginException failure) {
        return switch (failure) {
            case OriginException.Unavailable e -> ExitCode.ORIGIN_UNAVAILABLE;
            case OriginException.NotFound e -> ExitCode.NOT_FOUND;
            case OriginException.VersionChanged e -> ExitCode.FAILED;
            case OriginException.Refused e ->
                e.refusal() == OriginException.Refusal.BAD_REQUEST ? ExitCode.USAGE : ExitCode.ORIGIN_REFUSED;
        };
    }

    private static ExitCode codeOf(MountException failure) {
        return switch (failure.reason()) {
            case MOUNT_POINT_MISSING, NOT_MOUNTED -> ExitCode.NOT_FOUND;
            case MOUNT_POINT_NOT_A_DIRECTORY, MOUNT_POINT_NOT_EMPTY -> ExitCode.USAGE;
            case BUSY, ALREADY_MOUNTED -> ExitCode.BUSY;
            case NO_FUSE_DEVICE, NO_FUSERMOUNT, ALLOW_OTHER_FORBIDDEN, NOT_PERMITTED, KERNEL_TOO_OLD ->
                ExitCode.ENVIRONMENT;
            case STATE_UNREADABLE, SYSTEM_CALL_FAILED -> ExitCode.FAILED;
        };
    }

    /** The server puts its own exit code's name before the message: {@code "NOT_FOUND: there is no a/b"}. */
    private static Failures ofCall(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String description =
                Objects.toString(status.getDescription(), status.getCode().name());
        for (ExitCode code : ExitCode.values()) {
            String prefix = code.name() + ": ";
            if (description.startsWith(prefix)) {
                return new Failures(code, description.substring(prefix.length()));
            }
        }
        return new Failures(
                ExitCode.FAILED, "the mount's process did not answer as it should (" + description + "); see its log");
    }

    /** For {@link #ofCall} at the other end. */
    public StatusRuntimeException asCallFailure() {
        return Status.UNKNOWN.withDescription(code.name() + ": " + message).asRuntimeException();
    }

    private static String text(Throwable failure) {
        return Objects.toString(failure.getMessage(), failure.toString());
    }
}
