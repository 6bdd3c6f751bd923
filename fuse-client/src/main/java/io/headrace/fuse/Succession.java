package io.headrace.fuse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Who takes over when this process dies without unmounting.
 *
 * @param stateFile where this process leaves what its successor must know; in a directory of its own kind, such as
 *     {@code /run/headrace}, on a local file system
 * @param command program and arguments of the successor, with absolute paths; it calls {@link FuseMount#recover}, and
 *     ends with status 0 only after the mount has ended
 * @param attempts how many successors in a row may fail before the mount is ended
 * @param patience how long a successor may take until it serves
 */
public record Succession(Path stateFile, List<String> command, int attempts, Duration patience) {
    public Succession {
        command = List.copyOf(command);
        stateFile = stateFile.toAbsolutePath();
        if (command.isEmpty() || attempts < 1 || patience.toSeconds() < 1) {
            throw new IllegalArgumentException("a succession needs a command, an attempt and a second's patience");
        }
    }

    public static Succession of(Path stateFile, List<String> command) {
        return new Succession(stateFile, command, 5, Duration.ofSeconds(30));
    }
}
