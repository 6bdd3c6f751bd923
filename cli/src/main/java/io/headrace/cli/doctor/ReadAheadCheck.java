package io.headrace.cli.doctor;

import java.nio.file.Path;

/** Whether the kernel's read-ahead of a mount can be raised; without that a cold mmap reads 128 KiB at a time. */
final class ReadAheadCheck implements Check {
    static final Path KNOBS = Path.of("/sys/class/bdi");

    @Override
    public String subject() {
        return "read-ahead";
    }

    @Override
    public Finding judge(Host host) {
        if (host.userId() != 0) {
            return Finding.slow(
                    "the kernel's 128 KiB stay, for files that are not complete yet",
                    "mount as root, or after mounting have root write 16384 to /sys/class/bdi/0:N/read_ahead_kb");
        }
        return host.access(KNOBS).exists() && isWritable(host)
                ? Finding.good("can be raised")
                : Finding.slow("/sys is not writable", "mount /sys writable in the container (--privileged does)");
    }

    private static boolean isWritable(Host host) {
        return host.read(Path.of("/proc/self/mounts")).stream()
                .flatMap(String::lines)
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 3 && fields[1].equals("/sys"))
                .anyMatch(fields -> fields[3].startsWith("rw"));
    }
}
