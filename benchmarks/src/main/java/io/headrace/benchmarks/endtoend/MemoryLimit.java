package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A control group with a limit on memory, as a container has. Its processes have ended when it is closed. */
final class MemoryLimit implements AutoCloseable {
    private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path V2 = Path.of("/sys/fs/cgroup");
    private static final int TRIES = 50;

    private final Path group;
    private final boolean second;

    private MemoryLimit(Path group, boolean second) {
        this.group = group;
        this.second = second;
    }

    /** @throws IOException when there is no memory controller that this user may use */
    static MemoryLimit of(String name, long bytes) throws IOException {
        boolean second = Files.exists(V2.resolve("cgroup.controllers"));
        Path group = (second ? V2 : V1).resolve(name);
        if (second) {
            Files.writeString(V2.resolve("cgroup.subtree_control"), "+memory");
        }
        Files.createDirectory(group);
        Files.writeString(group.resolve(second ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytes));
        return new MemoryLimit(group, second);
    }

    /** What a command line begins with to run inside. */
    List<String> wrapper() {
        return List.of("sh", "-c", "echo $$ >" + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    /** Processes that were killed for want of memory. */
    long killed() throws IOException {
        return Files.readAllLines(group.resolve(second ? "memory.events" : "memory.oom_control")).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                .sum();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (int i = 1; Files.exists(group); i++) {
            try {
                Files.delete(group);
            } catch (IOException busy) {
                if (i == TRIES) {
                    throw busy;
                }
                Thread.sleep(100);
            }
        }
    }
}
