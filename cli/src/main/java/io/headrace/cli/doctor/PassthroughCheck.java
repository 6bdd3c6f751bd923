package io.headrace.cli.doctor;

import io.headrace.cli.doctor.KernelCheck.Version;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the kernel can read complete files by itself, at the speed of the cache's own file system. */
final class PassthroughCheck implements Check {
    private static final String OPTION = "CONFIG_FUSE_PASSTHROUGH";

    @Override
    public String subject() {
        return "passthrough";
    }

    @Override
    public Finding judge(Host host) {
        Optional<Version> version = Version.of(host);
        if (version.isEmpty() || version.get().isBefore(KernelCheck.PASSTHROUGH)) {
            return Finding.slow("not in this kernel", "upgrade to Linux " + KernelCheck.PASSTHROUGH + " or newer");
        }
        Optional<String> config = config(host);
        if (config.isPresent() && config.get().lines().noneMatch((OPTION + "=y")::equals)) {
            return Finding.slow("the kernel was built without it", "use a kernel with " + OPTION + "=y");
        }
        if (!PrivilegeCheck.mayAdminister(host)) {
            return Finding.slow(
                    "needs CAP_SYS_ADMIN; complete files are served by the process instead", "mount as root");
        }
        return Finding.good(
                config.isPresent() ? "possible" : "possible, as far as can be told without the kernel's configuration");
    }

    private static Optional<String> config(Host host) {
        String release = host.read(KernelCheck.RELEASE).map(String::strip).orElse("");
        return Stream.of("/proc/config.gz", "/boot/config-" + release, "/lib/modules/" + release + "/config")
                .map(Path::of)
                .flatMap(file -> host.read(file).stream())
                .findFirst();
    }
}
