package io.headrace.cli.doctor;

import java.nio.file.Path;

/** Whether this user can mount, and how. */
final class PrivilegeCheck implements Check {
    static final Path STATUS = Path.of("/proc/self/status");
    private static final int CAP_SYS_ADMIN = 21;

    static boolean mayAdminister(Host host) {
        return host.field(STATUS, "CapEff")
                .map(hex -> (Long.parseUnsignedLong(hex, 16) >>> CAP_SYS_ADMIN & 1) == 1)
                .orElse(false);
    }

    @Override
    public String subject() {
        return "privilege";
    }

    @Override
    public Finding judge(Host host) {
        if (mayAdminister(host)) {
            return Finding.good("CAP_SYS_ADMIN: mounts by itself");
        }
        if (host.userId() == 0) {
            return Finding.broken(
                    "root without CAP_SYS_ADMIN cannot mount",
                    "give the container the capability (--cap-add SYS_ADMIN), or run as an ordinary user with fusermount3");
        }
        if (host.program("fusermount3").isEmpty()) {
            return Finding.broken("no CAP_SYS_ADMIN and no fusermount3", "install the package fuse3, or mount as root");
        }
        return Finding.good("mounts by fusermount3");
    }
}
