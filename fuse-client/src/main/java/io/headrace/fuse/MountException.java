package io.headrace.fuse;

import java.io.IOException;

/** A file system could not be mounted or unmounted; the message says why, where, and what to do. */
public final class MountException extends IOException {
    private final Reason reason;

    public MountException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What is in the way. */
    public enum Reason {
        MOUNT_POINT_MISSING,
        MOUNT_POINT_NOT_A_DIRECTORY,
        MOUNT_POINT_NOT_EMPTY,
        /** Somebody uses the mount, or another file system is mounted there and does not answer. */
        BUSY,
        /** A living Headrace mount is there. */
        ALREADY_MOUNTED,
        NOT_MOUNTED,
        NO_FUSE_DEVICE,
        NO_FUSERMOUNT,
        ALLOW_OTHER_FORBIDDEN,
        NOT_PERMITTED,
        KERNEL_TOO_OLD,
        /** The state that an earlier process left is of another format, or damaged. */
        STATE_UNREADABLE,
        SYSTEM_CALL_FAILED
    }
}
