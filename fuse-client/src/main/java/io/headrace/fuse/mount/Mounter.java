package io.headrace.fuse.mount;

import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.MountException;
import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes a mount and the {@link FuseDevice} that serves it. The kernel's INIT waits in the device afterwards. */
public final class Mounter {
    private static final String DEVICE = "/dev/fuse";

    /** Major 10 (miscellaneous), minor 229, as {@code st_rdev} has them: admin-guide/devices.txt of the kernel. */
    private static final long DEVICE_NUMBER = 10 << 8 | 229;

    private Mounter() {}

    /**
     * Mounts on a {@link MountPoint#prepare prepared} directory.
     *
     * @param source what {@code mount} and {@code df} show; no credentials
     */
    public static FuseDevice mount(Path mountPoint, String source, FuseSettings settings) throws IOException {
        requireDevice();
        return settings.fusermount() || Libc.effectiveUser() != 0
                ? new FuseDevice(Fusermount.mount(mountPoint, userOptions(source, settings)))
                : direct(mountPoint, source, settings);
    }

    private static FuseDevice direct(Path mountPoint, String source, FuseSettings settings) throws MountException {
        int descriptor = Libc.open(DEVICE, Libc.O_RDWR | Libc.O_CLOEXEC);
        if (descriptor < 0) {
            throw descriptor == -Errno.EACCES
                    ? mayNotOpen()
                    : noDevice("cannot be opened: " + Errno.describe(-descriptor));
        }
        String options = "fd=" + descriptor + ",rootmode=40000,user_id=" + Libc.effectiveUser() + ",group_id="
                + Libc.effectiveGroup() + ",default_permissions" + (settings.allowOther() ? ",allow_other" : "");
        int flags = Libc.MS_RDONLY | Libc.MS_NOSUID | Libc.MS_NODEV;
        int failure = Libc.mount(source, mountPoint.toString(), MountTable.TYPE, flags, options);
        if (failure < 0) {
            Libc.close(descriptor);
            throw new MountException(
                    failure == -Errno.EPERM ? Reason.NOT_PERMITTED : Reason.SYSTEM_CALL_FAILED,
                    "cannot mount on " + mountPoint + ": " + Errno.describe(-failure)
                            + (failure == -Errno.EPERM
                                    ? "; give this container CAP_SYS_ADMIN, or mount as a user by fusermount3"
                                            + " (fuse.fusermount=true)"
                                    : ""));
        }
        return new FuseDevice(descriptor);
    }

    private static String userOptions(String source, FuseSettings settings) {
        return "ro,nosuid,nodev,default_permissions,subtype=headrace,fsname="
                + source.replace("\\", "\\\\").replace(",", "\\,") + (settings.allowOther() ? ",allow_other" : "");
    }

    /** Whatever else is there, such as the {@code /dev/null} that hides a file from a container, would fail obscurely. */
    private static void requireDevice() throws IOException {
        try {
            if ((long) Files.getAttribute(Path.of(DEVICE), "unix:rdev") != DEVICE_NUMBER) {
                throw noDevice("is another file than the kernel's device (character device 10, 229)");
            }
        } catch (NoSuchFileException absent) {
            throw noDevice("does not exist");
        }
    }

    static MountException noDevice(String detail) {
        return new MountException(
                Reason.NO_FUSE_DEVICE,
                DEVICE + " " + detail + "; load the module (modprobe fuse), or give the container the device"
                        + " (docker run --device /dev/fuse)");
    }

    static MountException mayNotOpen() {
        return new MountException(
                Reason.NO_FUSE_DEVICE,
                "this user may not open " + DEVICE + "; give it its usual mode (chmod 666 " + DEVICE + " as root)");
    }
}
