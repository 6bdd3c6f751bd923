package io.headrace.store.tier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this machine, or this container, has. */
public final class MachineMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path CONTAINER_LIMIT = Path.of("/sys/fs/cgroup/memory.max");

    private MachineMemory() {}

    /** A quarter of the memory, or half of what is available now if that is less. */
    public static long tierDefaultBytes() throws IOException {
        long total = meminfoBytes("MemTotal:");
        if (Files.isReadable(CONTAINER_LIMIT)) {
            String limit = Files.readString(CONTAINER_LIMIT).strip();
            total = limit.equals("max") ? total : Math.min(total, Long.parseLong(limit));
        }
        return Math.min(total / 4, meminfoBytes("MemAvailable:") / 2);
    }

    private static long meminfoBytes(String field) throws IOException {
        for (String line : Files.readAllLines(MEMINFO)) {
            if (line.startsWith(field)) {
                String kibibytes =
                        line.substring(field.length()).replace("kB", "").strip();
                return Long.parseLong(kibibytes) * 1024;
            }
        }
        throw new IOException(MEMINFO + " has no line " + field);
    }
}
