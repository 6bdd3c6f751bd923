package io.headrace.fuse.session;

import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.Feature;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Libc;
import java.util.Optional;

/** Finds out, once a mount, whether the kernel will read files by itself. */
public final class PassthroughProbe {
    private PassthroughProbe() {}

    /**
     * @param agreed features that INIT agreed on
     * @return why it will not; empty when it will
     */
    public static Optional<String> obstacle(FuseDevice device, long agreed, FuseSettings settings) {
        if (!settings.passthrough()) {
            return Optional.of("it is switched off (fuse.passthrough=false)");
        }
        if ((agreed & Feature.PASSTHROUGH.bit()) == 0) {
            return Optional.of("this kernel has no FUSE passthrough (Linux 6.9 and newer, CONFIG_FUSE_PASSTHROUGH)");
        }
        int file = Libc.memoryFile("headrace-probe");
        if (file < 0) {
            return Optional.of("no file to try it with: " + Errno.describe(-file));
        }
        int backing = device.openBacking(file);
        Libc.close(file);
        if (backing > 0) {
            device.closeBacking(backing);
            return Optional.empty();
        }
        return Optional.of(
                backing == -Errno.EPERM
                        ? "it needs CAP_SYS_ADMIN; run as root, or give the container that capability"
                        : "the kernel refused a try: " + Errno.describe(-backing));
    }
}
