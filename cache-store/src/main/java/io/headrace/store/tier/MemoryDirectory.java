package io.headrace.store.tier;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory in memory for one store: a tmpfs of its own with huge pages, mounted in the store's directory where this
 * process may mount, else a folder in {@code /dev/shm}. What an earlier process left is removed: a memory tier does not
 * outlive its process. The store's directory must be locked.
 */
public final class MemoryDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MemoryDirectory.class);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Room for the file system's own structures, so that the tier's capacity is never refused. */
    private static final long SLACK_BYTES = 32 << 20;

    private final Path path;
    private final boolean mounted;

    private MemoryDirectory(Path path, boolean mounted) {
        this.path = path;
        this.mounted = mounted;
    }

    /** Empty where there is neither the right to mount nor a writable {@code /dev/shm}. */
    public static Optional<MemoryDirectory> open(StoreDirectory store, long capacityBytes) throws IOException {
        Path target = Files.createDirectories(ownTmpfs(store.path()));
        unmountStale(target);
        try {
            Linux.mountTmpfs(target, "size=" + (capacityBytes + SLACK_BYTES) + ",huge=always,mode=0700");
            return Optional.of(new MemoryDirectory(target, true));
        } catch (ErrnoException e) {
            log.info("no tmpfs of its own for the memory tier ({}); trying {}", e.getMessage(), SHARED_MEMORY);
        }
        Path shared = sharedFolder(target);
        deleteTree(shared);
        if (!Files.isWritable(SHARED_MEMORY)) {
            return Optional.empty();
        }
        Files.createDirectory(
                shared, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Optional.of(new MemoryDirectory(shared, false));
    }

    /** Where the memory tier of a store in this directory can be; its parts exist when it was opened. */
    public static List<Path> candidates(Path store) throws IOException {
        Path target = ownTmpfs(store);
        return Files.isDirectory(target) ? List.of(target, sharedFolder(target)) : List.of();
    }

    /** Removes what a store whose process died left in memory; the caller has its lock. */
    static void clear(Path store) throws IOException {
        Path target = ownTmpfs(store);
        if (Files.isDirectory(target)) {
            unmountStale(target);
            deleteTree(sharedFolder(target));
        }
    }

    private static Path ownTmpfs(Path store) {
        return store.resolve("memory");
    }

    private static Path sharedFolder(Path target) throws IOException {
        return SHARED_MEMORY.resolve(
                "headrace-" + HexFormat.of().toHexDigits(target.toRealPath().hashCode()));
    }

    public Path path() {
        return path;
    }

    /** Whether it is a tmpfs of its own, with huge pages. */
    public boolean isMounted() {
        return mounted;
    }

    /** Removes it; files that somebody holds live on until they are closed. */
    @Override
    public void close() throws IOException {
        if (mounted) {
            Linux.unmount(path);
        } else {
            deleteTree(path);
        }
    }

    private static void unmountStale(Path target) throws IOException {
        String mountPoint = " " + target.toRealPath().toString().replace(" ", "\\040") + " ";
        while (Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .anyMatch(line -> line.contains(mountPoint) && line.contains(" - tmpfs headrace "))) {
            Linux.unmount(target);
        }
    }

    static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    deleteTree(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }
}
