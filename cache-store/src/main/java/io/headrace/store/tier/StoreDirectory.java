package io.headrace.store.tier;

import io.headrace.store.DirectoryInUseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * A cache directory that this process owns until {@link #close}: it holds a {@code FORMAT} file, so that no foreign or
 * later directory is taken for a cache, and a {@code lock} file that names the owner.
 */
public final class StoreDirectory implements AutoCloseable {
    /** What this version of Headrace reads and writes. */
    public static final String FORMAT = "headrace-store 2";

    private static final Set<String> NOT_FOREIGN = Set.of("lock", "lost+found", "memory", "FORMAT.new");

    private final Path path;
    private final int lock;

    private StoreDirectory(Path path, int lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * @throws IOException when another process owns the directory, or it is no cache of this format; the message names
     *     the directory and the way out
     */
    public static StoreDirectory open(Path path) throws IOException {
        Files.createDirectories(path);
        Path format = path.resolve("FORMAT");
        if (!Files.exists(format)) {
            requireNothingForeign(path);
        }
        int lock = lock(path);
        try {
            if (Files.exists(format)) {
                requireFormat(format);
            } else {
                Path fresh = path.resolve("FORMAT.new");
                Files.writeString(fresh, FORMAT + "\n");
                Files.move(fresh, format, StandardCopyOption.ATOMIC_MOVE);
            }
            return new StoreDirectory(path, lock);
        } catch (IOException e) {
            Linux.close(lock, path);
            throw e;
        }
    }

    /** The file whose flock(2) the owner of a cache directory has. */
    public static Path lockOf(Path path) {
        return path.resolve("lock");
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Linux.close(lock, path);
    }

    /** As {@link io.headrace.store.StoreRemoval#remove}. */
    public static void remove(Path whole, Path store) throws IOException {
        if (!Files.isDirectory(store)) {
            MemoryDirectory.deleteTree(whole);
            return;
        }
        int lock = lock(store);
        try {
            MemoryDirectory.clear(store);
            // Who opens a store there from now on begins an empty one.
            Path leaving = whole.resolveSibling(whole.getFileName() + ".removed");
            MemoryDirectory.deleteTree(leaving);
            Files.move(whole, leaving, StandardCopyOption.ATOMIC_MOVE);
            MemoryDirectory.deleteTree(leaving);
        } finally {
            Linux.close(lock, store);
        }
    }

    private static int lock(Path path) throws IOException {
        Path file = lockOf(path);
        int descriptor = Linux.open(file, Linux.O_RDWR | Linux.O_CREAT);
        try {
            Linux.lockNow(descriptor, file);
        } catch (ErrnoException e) {
            Linux.close(descriptor, file);
            if (e.errno() != ErrnoException.EAGAIN) {
                throw e;
            }
            String owner = Files.readString(file, StandardCharsets.UTF_8).strip();
            throw new DirectoryInUseException("the cache directory " + path + " is in use by process "
                    + (owner.isEmpty() ? "(starting)" : owner)
                    + "; stop it, or give this one a directory of its own (--cache DIR)");
        }
        Files.writeString(file, ProcessHandle.current().pid() + "\n");
        return descriptor;
    }

    private static void requireNothingForeign(Path path) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (!NOT_FOREIGN.contains(String.valueOf(entry.getFileName()))) {
                    throw new IOException("the directory " + path
                            + " is no Headrace cache and is not empty (it holds \"" + entry.getFileName()
                            + "\"); give an empty directory, or one that does not exist yet");
                }
            }
        }
    }

    private static void requireFormat(Path format) throws IOException {
        String found = Files.readString(format, StandardCharsets.UTF_8).strip();
        if (!found.equals(FORMAT)) {
            throw new IOException("the cache in " + format.resolveSibling("") + " has the format \"" + found
                    + "\", and this version of Headrace reads \"" + FORMAT
                    + "\"; use the version that wrote it, or delete the directory: all in it can be fetched again");
        }
    }
}
