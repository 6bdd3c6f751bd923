package io.headrace.cli.doctor;

import io.headrace.protocol.ByteSize;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Whether heap, buffers and memory tier fit into the machine, or into the container's limit. */
final class MemoryCheck implements Check {
    static final Path MEMORY = Path.of("/proc/meminfo");
    static final Path CGROUP = Path.of("/proc/self/cgroup");
    /** The heap's limit, buffers in flight, and the JVM's own. */
    private static final ByteSize NEEDED = ByteSize.ofMebibytes(512);

    private static final ByteSize COMFORTABLE = ByteSize.ofGibibytes(2);

    @Override
    public String subject() {
        return "memory";
    }

    @Override
    public Finding judge(Host host) {
        long total = kibibytes(host, "MemTotal");
        long available = kibibytes(host, "MemAvailable");
        OptionalLong limit = containerLimit(host);
        boolean limited = limit.isPresent() && limit.getAsLong() < total;
        ByteSize usable = new ByteSize(limited ? limit.getAsLong() : available);
        String seen = limited ? "the container's limit is " + usable : usable + " available of " + new ByteSize(total);
        if (usable.compareTo(NEEDED) < 0) {
            return Finding.broken(seen, "give it at least " + NEEDED + ", and set store.memory-capacity=0");
        }
        if (limited || usable.compareTo(COMFORTABLE) < 0) {
            return Finding.slow(
                    seen,
                    "the memory tier counts towards it: mount with --memory of at most "
                            + new ByteSize(Math.max(0, usable.bytes() - COMFORTABLE.bytes() / 2)));
        }
        return Finding.good(seen);
    }

    private static long kibibytes(Host host, String name) {
        return host.field(MEMORY, name)
                .map(text -> text.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty())
                .map(digits -> Long.parseLong(digits) << 10)
                .orElse(0L);
    }

    /** Of cgroup v2: the file is {@code max} when there is no limit. */
    private static OptionalLong containerLimit(Host host) {
        String group = host.read(CGROUP).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring("0::".length()).strip())
                .findFirst()
                .orElse("/");
        return host.number(Path.of("/sys/fs/cgroup" + group, "memory.max"));
    }
}
