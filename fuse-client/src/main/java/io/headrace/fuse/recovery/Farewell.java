package io.headrace.fuse.recovery;

import io.headrace.fuse.Succession;
import io.headrace.fuse.Succession.Remains;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What a keeper does when nobody takes over, as shell commands.
 *
 * <p>It ends the connection and removes what the mount used; the mount itself stays, without a connection: whoever comes is
 * told so (ENOTCONN), where an empty directory would look like a data set without files. Unmounting it, or mounting there
 * again, is for who mends the reason.
 *
 * <p>What only this mount has goes first: until then no other mount is made there. Ending the connection comes before
 * waiting for a lock, because a process can be kept from dying by a request of it.
 *
 * @param abortFile writing to it ends the connection, where it exists; else root mounts what it belongs to
 */
public record Farewell(Path mountPoint, Path abortFile) {
    private static final String REMOVE = "umount -l \"$0\" 2>/dev/null; rm -rf -- \"$0\"";

    /** Where the kernel's files that end connections are; on some machines nobody mounted them. */
    private static final String CONTROL = "/sys/fs/fuse/connections";

    private static final int LOCK_SECONDS = 10;

    String commands(Succession succession) {
        String mount = quoted(mountPoint);
        String abort = quoted(abortFile);
        return removals(succession, false)
                + "rm -f -- " + quoted(succession.stateFile()) + " " + quoted(Keeper.report(succession)) + "\n"
                + "[ -w " + abort + " ] || { mount -t fusectl fusectl " + CONTROL + " 2>/dev/null && control=own; }\n"
                + "if [ -w " + abort + " ]; then echo 1 >" + abort + "; else umount -f " + mount + " 2>/dev/null; fi\n"
                + "[ -z \"$control\" ] || umount " + CONTROL + "\n"
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
