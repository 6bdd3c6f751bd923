package io.headrace.worker.cluster;

import io.headrace.protocol.DurableFile;
import io.headrace.protocol.cluster.WorkerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who a worker is, kept in a file beside its cache: three lines, the format, the id, and the id of the cluster that the
 * cache belongs to, empty before it first joined one. Whoever owns the directory owns this.
 */
public final class WorkerIdentity {
    private static final String FORMAT = "headrace-worker 1";

    private final Path file;
    private final WorkerId id;
    private volatile Optional<String> cluster;

    private WorkerIdentity(Path file, WorkerId id, Optional<String> cluster) {
        this.file = file;
        this.id = id;
        this.cluster = cluster;
    }

    /**
     * Reads the file; makes a new identity when there is none.
     *
     * @throws IOException when the file cannot be read or made; the message says what to do
     */
    public static WorkerIdentity open(Path file) throws IOException {
        if (!Files.exists(file)) {
            WorkerIdentity made =
                    new WorkerIdentity(file, new WorkerId(UUID.randomUUID().toString()), Optional.empty());
            made.write();
            return made;
        }
        List<String> lines = Files.readAllLines(file);
        try {
            if (lines.size() != 3 || !lines.getFirst().equals(FORMAT)) {
                throw new IllegalArgumentException("it does not begin with \"" + FORMAT + "\"");
            }
            Optional<String> cluster = Optional.of(lines.get(2)).filter(text -> !text.isEmpty());
            return new WorkerIdentity(file, new WorkerId(lines.get(1)), cluster);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + " is no identity of a worker (" + e.getMessage()
                            + "); delete it, and the worker becomes a new one whose blocks others fill again",
                    e);
        }
    }

    public WorkerId id() {
        return id;
    }

    /** The cluster that the cache belongs to. */
    public Optional<String> cluster() {
        return cluster;
    }

    /** Keeps the cluster that the cache belongs to from now on. */
    public void belongTo(String clusterId) throws IOException {
        if (!cluster.equals(Optional.of(clusterId))) {
            cluster = Optional.of(clusterId);
            write();
        }
    }

    private void write() throws IOException {
        String text = FORMAT + "\n" + id + "\n" + cluster.orElse("") + "\n";
        new DurableFile(file).replace(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
