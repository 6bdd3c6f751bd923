package io.headrace.fuse.mount;

import io.headrace.fuse.mount.MountTable.Mounted;
import io.headrace.protocol.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files below {@code /sys} that belong to one mount. */
public final class HostTuning {
    private static final int MOST_LENT = 1 << 16;
    private static final int FEWEST_LENT = 512;

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

    /** How many descriptors may be lent to the kernel: half of what this process may open. */
    public static int descriptorBudget() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+")[0];
                return soft.equals("unlimited") ? MOST_LENT : (int) Math.min(MOST_LENT, Long.parseLong(soft) / 2);
            }
        }
        return FEWEST_LENT;
    }

    /** Writing to it ends the connection; it exists where fusectl is mounted. */
    public static Path abortFile(Mounted mounted) {
        return Path.of("/sys/fs/fuse/connections/" + mounted.deviceMinor() + "/abort");
    }
}
