package io.headrace.fuse.mount;

import io.headrace.fuse.MountException;
import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Libc;
import java.io.IOException;
import java.nio.file.Path;

/** Takes a mount away: by umount2(2) as root, by {@code fusermount3} as anybody. */
public final class Unmount {
    private Unmount() {}

    /**
     * Unmounts what nobody uses.
     *
     * @throws MountException {@code BUSY} when somebody does, {@code NOT_MOUNTED} when nothing is mounted there
     */
    public static void politely(Path mountPoint) throws IOException {
        if (Libc.effectiveUser() != 0) {
            Fusermount.unmount(mountPoint, false);
            return;
        }
        check(mountPoint, Libc.unmount(mountPoint.toString(), Libc.UMOUNT_NOFOLLOW));
    }

    /** Takes the mount out of the tree; whoever has files open there keeps them until the process ends. */
    public static void detach(Path mountPoint) throws IOException {
        if (Libc.effectiveUser() != 0) {
            Fusermount.unmount(mountPoint, true);
            return;
        }
        check(mountPoint, Libc.unmount(mountPoint.toString(), Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW));
    }

    /** Ends the connection, so that every request under way fails at once, and takes the mount out of the tree. */
    public static void abort(Path mountPoint) throws IOException {
        if (Libc.effectiveUser() != 0) {
            Fusermount.unmount(mountPoint, true);
            return;
        }
        int flags = Libc.MNT_FORCE | Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW;
        check(mountPoint, Libc.unmount(mountPoint.toString(), flags));
    }

    private static void check(Path mountPoint, int result) throws MountException {
        switch (-result) {
            case 0 -> {}
            case Errno.EBUSY ->
                throw new MountException(
                        Reason.BUSY,
                        mountPoint + " is in use; end the programs that use it (fuser -vm " + mountPoint
                                + ") and try again");
            case Errno.EINVAL, Errno.ENOENT ->
                throw new MountException(Reason.NOT_MOUNTED, "nothing is mounted on " + mountPoint);
            case Errno.EPERM ->
                throw new MountException(Reason.NOT_PERMITTED, "unmounting " + mountPoint + " needs CAP_SYS_ADMIN");
            default ->
                throw new MountException(
                        Reason.SYSTEM_CALL_FAILED, "cannot unmount " + mountPoint + ": " + Errno.describe(-result));
        }
    }
}
