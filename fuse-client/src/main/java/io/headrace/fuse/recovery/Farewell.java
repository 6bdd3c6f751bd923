package io.headrace.fuse.recovery;

import io.headrace.fuse.Succession;
import io.headrace.fuse.Succession.Remains;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What a keeper does when nobody takes over, as shell commands.
 *
 * <p>What only this mount has goes first: until the mount point is free, no other mount can have it. Ending the
 * connection comes before waiting for a lock, because a process can be kept from dying by a request of it.
 *
 * @param abortFile writing to it ends the connection, where it exists
 */
public record Farewell(Path mountPoint, Path abortFile) {
    private static final String REMOVE = "umount -l \"$0\" 2>/dev/null; rm -rf -- \"$0\"";
    private static final int LOCK_SECONDS = 10;

    String commands(Succession succession) {
        String mount = quoted(mountPoint);
        return removals(succession, false)
                + "rm -f -- " + quoted(succession.stateFile()) + " " + quoted(Keeper.report(succession)) + "\n"
                + "[ ! -w " + quoted(abortFile) + " ] || echo 1 >" + quoted(abortFile) + "\n"
                + "umount -f -l " + mount + " 2>/dev/null || fusermount3 -u -z -- " + mount + " 2>/dev/null\n"
                + "exec 3<&-\n"
                + removals(succession, true);
    }

    private static String removals(Succession succession, boolean locked) {
        return succession.remains().stream()
                .filter(remains -> remains.lock().isPresent() == locked)
                .map(Farewell::removal)
                .collect(Collectors.joining());
    }

    private static String removal(Remains remains) {
        String removing = "sh -c " + quoted(REMOVE) + " " + quoted(remains.directory()) + "\n";
        return remains.lock()
                .map(lock -> "flock -w " + LOCK_SECONDS + " " + quoted(lock) + " " + removing)
                .orElse(removing);
    }

    private static String quoted(Object text) {
        return "'" + text.toString().replace("'", "'\\''") + "'";
    }
}
