package io.headrace.fuse.mount;

import io.headrace.fuse.mount.MountTable.Mounted;
import io.headrace.protocol.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Files below {@code /sys} that belong to one mount. */
public final class HostTuning {
    private static final int MOST_LENT = 1 << 16;
    private static final int FEWEST_LENT = 512;

    /** Twice the default of {@code store.fetch-threads}, for a file and a connection each, and as many again for commands. */
    private static final int KEPT_FOR_FETCHING = 64;

    private HostTuning() {}

    /**
     * Sets how far the kernel reads ahead; INIT can only lower it.
     *
     * @return why it could not, empty on success
     */
    public static Optional<String> setReadAhead(Mounted mounted, ByteSize readAhead) {
        Path knob = Path.of("/sys/class/bdi/0:" + mounted.deviceMinor() + "/read_ahead_kb");
        try {
            Files.writeString(knob, Long.toString(readAhead.bytes() >> 10));
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of("the kernel reads 128 KiB ahead, because " + knob
                    + " is not writable: mount as root, or have root write " + (readAhead.bytes() >> 10) + " to it");
        }
    }

    /**
     * How many descriptors may be lent to the kernel: half of what this process may open, and less where so much would not
     * leave enough to fetch with.
     */
    public static int descriptorBudget() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+")[0];
                return soft.equals("unlimited") ? MOST_LENT : budgetOf(Long.parseLong(soft), openDescriptors());
            }
        }
        return FEWEST_LENT;
    }

    static int budgetOf(long limit, int open) {
        return Math.clamp(Math.min(limit / 2, limit - open - KEPT_FOR_FETCHING), 0, MOST_LENT);
    }

    private static int openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    /** Writing to it ends the connection; it exists where fusectl is mounted. */
    public static Path abortFile(Mounted mounted) {
        return Path.of("/sys/fs/fuse/connections/" + mounted.deviceMinor() + "/abort");
    }
}
