package io.headrace.storage.file;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Objects;

/** What the file system's errors mean for an origin. */
final class FileFailures {
    private FileFailures() {}

    /** Whether the error says that nothing is there: also when a parent is no folder, or the name cannot exist. */
    static boolean isAbsence(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return true;
        }
        String reason = reasonOf(failure);
        return reason.contains("not a directory")
                || reason.contains("too long")
                || reason.contains("too many levels of symbolic links");
    }

    /** @param what such as "reading /srv/models/a" */
    static IOException toOrigin(String what, IOException failure) {
        if (failure instanceof OriginException || failure instanceof ClosedChannelException) {
            return failure;
        }
        if (failure instanceof AccessDeniedException) {
            return new OriginException.Refused(
                    Refusal.FORBIDDEN,
                    what + ": permission denied. Give user \"" + System.getProperty("user.name")
                            + "\" read access to it and to the folders above it",
                    failure);
        }
        if (isAbsence(failure)) {
            return new OriginException.NotFound(what + ": there is no such file");
        }
        return new OriginException.Unavailable(
                what + ": " + describe(failure) + ". Check the disk or the network mount below it", failure);
    }

    private static String describe(IOException failure) {
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return Objects.requireNonNullElse(reason, failure.getClass().getSimpleName());
    }

    private static String reasonOf(IOException failure) {
        return describe(failure).toLowerCase(Locale.ROOT);
    }
}
