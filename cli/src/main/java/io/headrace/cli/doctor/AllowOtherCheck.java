package io.headrace.cli.doctor;

import java.nio.file.Path;

/** Whether an ordinary user's mount can be shown to others. */
final class AllowOtherCheck implements Check {
    static final Path CONFIGURATION = Path.of("/etc/fuse.conf");

    @Override
    public String subject() {
        return "allow-other";
    }

    @Override
    public Finding judge(Host host) {
        if (PrivilegeCheck.mayAdminister(host)) {
            return Finding.good("mounts may be shown to other users");
        }
        boolean allowed = host.read(CONFIGURATION).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .anyMatch("user_allow_other"::equals);
        return allowed
                ? Finding.good("user_allow_other is set")
                : Finding.good(
                        "your mounts are yours alone; for --allow-other add user_allow_other to " + CONFIGURATION);
    }
}
