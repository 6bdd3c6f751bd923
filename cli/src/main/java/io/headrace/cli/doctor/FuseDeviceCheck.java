package io.headrace.cli.doctor;

import java.nio.file.Path;

/** Whether anything can be mounted at all. */
final class FuseDeviceCheck implements Check {
    static final Path DEVICE = Path.of("/dev/fuse");

    @Override
    public String subject() {
        return "/dev/fuse";
    }

    @Override
    public Finding judge(Host host) {
        Host.Access access = host.access(DEVICE);
        if (!access.exists()) {
            return Finding.broken(
                    "does not exist", "modprobe fuse; in a container, give it the device (--device /dev/fuse)");
        }
        if (!access.readable() || !access.writable()) {
            return Finding.broken("you may not open it", "chmod 666 /dev/fuse as root, the usual mode");
        }
        return Finding.good("can be opened");
    }
}
