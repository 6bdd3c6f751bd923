package io.headrace.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which features of FUSE the kernel can have. */
final class KernelCheck implements Check {
    static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    /** FUSE's protocol 7.31, the oldest that is answered, came with it. */
    private static final Version OLDEST = new Version(5, 4);
    /** FUSE_PASSTHROUGH, FUSE_NOTIFY_RESEND. */
    static final Version PASSTHROUGH = new Version(6, 9);

    record Version(int major, int minor) {
        static Optional<Version> of(Host host) {
            return host.read(RELEASE)
                    .map(VERSION::matcher)
                    .filter(Matcher::matches)
                    .map(matcher ->
                            new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        }

        boolean isBefore(Version that) {
            return major < that.major || (major == that.major && minor < that.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    @Override
    public String subject() {
        return "kernel";
    }

    @Override
    public Finding judge(Host host) {
        Optional<Version> found = Version.of(host);
        if (found.isEmpty()) {
            return Finding.broken("not Linux, or /proc is not mounted", "run it on Linux " + OLDEST + " or newer");
        }
        Version version = found.get();
        if (version.isBefore(OLDEST)) {
            return Finding.broken("Linux " + version, "upgrade to Linux " + OLDEST + ", better " + PASSTHROUGH);
        }
        if (version.isBefore(PASSTHROUGH)) {
            return Finding.slow(
                    "Linux " + version + " cannot read complete files by itself",
                    "upgrade to Linux " + PASSTHROUGH + " or newer for passthrough");
        }
        return Finding.good("Linux " + version);
    }
}
