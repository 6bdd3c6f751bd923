package io.headrace.cli.doctor;

import java.nio.file.Path;

/** How many files can be open in a mount at a time. */
final class OpenFilesCheck implements Check {
    static final Path LIMITS = Path.of("/proc/self/limits");
    private static final long ENOUGH = 16_384;

    @Override
    public String subject() {
        return "open files";
    }

    @Override
    public Finding judge(Host host) {
        String[] limits = host.field(LIMITS, "Max open files").orElse("").split("\\s+");
        if (limits.length < 2 || !limits[0].matches("\\d{1,9}|unlimited")) {
            return Finding.slow("the limit cannot be told", "check it with: ulimit -n");
        }
        boolean enough = limits[0].equals("unlimited") || Long.parseLong(limits[0]) >= ENOUGH;
        return enough
                ? Finding.good("at most " + limits[0])
                : Finding.slow(
                        "at most " + limits[0] + " (hard limit " + limits[1] + ")",
                        "ulimit -n " + ENOUGH + " before mounting, or LimitNOFILE= in the systemd unit");
    }
}
