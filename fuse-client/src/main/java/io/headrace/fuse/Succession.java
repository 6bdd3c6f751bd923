package io.headrace.fuse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who takes over when this process dies without unmounting.
 *
 * @param stateFile where this process leaves what its successor must know; in a directory of its own kind, such as
 *     {@code /run/headrace}, on a local file system
 * @param command program and arguments of the successor, with absolute paths; it calls {@link FuseMount#recover}, and
 *     ends with status 0 only after the mount has ended
 * @param attempts how many successors in a row may fail before the mount is ended
 * @param patience how long a successor may take until it serves
 * @param remains what else this process and its successors have and would remove themselves, for when none of them can
 */
public record Succession(Path stateFile, List<String> command, int attempts, Duration patience, List<Remains> remains) {
    public Succession {
        command = List.copyOf(command);
        remains = List.copyOf(remains);
        stateFile = stateFile.toAbsolutePath();
        if (command.isEmpty() || attempts < 1 || patience.toSeconds() < 1) {
            throw new IllegalArgumentException("a succession needs a command, an attempt and a second's patience");
        }
    }

    /**
     * A directory to unmount, if something is mounted on it, and to delete with what it holds.
     *
     * @param lock whose flock(2) a process of any mount has that uses the directory; without one, only this mount does
     */
    public record Remains(Path directory, Optional<Path> lock) {}

    public static Succession of(Path stateFile, List<String> command, List<Remains> remains) {
        return new Succession(stateFile, command, 5, Duration.ofSeconds(30), remains);
    }
}
