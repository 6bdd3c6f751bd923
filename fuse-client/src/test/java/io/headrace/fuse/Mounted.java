package io.headrace.fuse;

import io.headrace.client.ReadAhead;
import io.headrace.client.ReadAheads;
import io.headrace.client.SiblingReadAhead;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A mount of hand-made names and files below a temporary directory. */
final class Mounted implements AutoCloseable {
    static final ReadAhead NO_READ_AHEAD = ReadAheads.none();
    static final SiblingReadAhead NO_SIBLINGS = (directory, file) -> List.of();

    final Path mountPoint;
    final MemoryNamespace names;
    final TemporaryStore store;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final FuseMount mount;

    Mounted(Path scratch, MemoryNamespace names, FuseSettings settings) throws IOException {
        this.mountPoint = Files.createDirectories(scratch.resolve("mnt"));
        this.names = names;
        this.store = new TemporaryStore(Files.createDirectories(scratch.resolve("store")));
        MountContent content = new MountContent(names, store, file -> NO_READ_AHEAD, NO_SIBLINGS);
        this.mount =
                FuseMount.mount(new MountTarget(mountPoint, "test:it", Optional.empty()), settings, content, metrics);
    }

    Path path(String below) {
        return mountPoint.resolve(below);
    }

    double requests(String opcode) {
        return metrics.counter("headrace.fuse.requests", "opcode", opcode).count();
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output.strip() : "failed: " + output.strip();
    }

    @Override
    public void close() throws IOException {
        mount.close();
        store.close();
    }
}
