package io.headrace.cli.caches;

import io.headrace.cli.control.Instance;
import io.headrace.store.StoreRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process that has a cache open.
 *
 * @param mountPoint where it is mounted; empty when the mount is another user's or still starting
 */
record CacheUser(String pid, Optional<Path> mountPoint) {
    /** Whoever has the store's lock file open; not asked by locking it, which a mount that starts would take for a user. */
    static Optional<CacheUser> of(Path store) throws IOException {
        Path lock = StoreRemoval.ownerFile(store);
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        String pid = Files.readString(lock).strip();
        if (!pid.matches("\\d+") || !hasOpen(pid, lock.toRealPath())) {
            return Optional.empty();
        }
        return Optional.of(new CacheUser(pid, mountPoint(pid)));
    }

    /** What another user's process has open cannot be told: then it counts as a user while it lives. */
    private static boolean hasOpen(String pid, Path file) {
        Path descriptors = Path.of("/proc", pid, "fd");
        if (!Files.isReadable(descriptors)) {
            return Files.exists(Path.of("/proc", pid));
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (Files.exists(link) && Files.readSymbolicLink(link).equals(file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException ended) {
            return false;
        }
    }

    private static Optional<Path> mountPoint(String pid) throws IOException {
        for (Instance instance : Instance.all()) {
            if (instance.pid().equals(Optional.of(pid))) {
                return Optional.of(instance.mountPoint());
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return mountPoint
                .map(path -> "the mount on " + path + " (pid " + pid + ")")
                .orElse("process " + pid);
    }
}
