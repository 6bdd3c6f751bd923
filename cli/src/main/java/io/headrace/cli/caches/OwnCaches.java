package io.headrace.cli.caches;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.store.StoreRemoval;
import io.headrace.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache directories of mounts that were given none, one for each set of origins.
 *
 * @param root the directory that holds them
 */
public record OwnCaches(Path root) {
    private static final Logger LOG = LoggerFactory.getLogger(OwnCaches.class);
    private static final String ORIGINS = "origins";
    private static final long MEASURE_SECONDS = 120;

    /** @param directory the setting {@code store.directory} */
    public static OwnCaches below(Path directory) {
        return new OwnCaches(directory.resolve("mounts"));
    }

    /** Where the store is in a cache directory. */
    static Path store(Path directory) {
        return directory.resolve("blocks");
    }

    /** The settings of a store with its tiers in their place in its directory. */
    public static StoreSettings placed(StoreSettings settings) {
        return settings.withTiers(store(settings.directory()), settings.diskCapacity(), settings.memoryCapacity());
    }

    /** Writes down what a cache directory is of, and that it is used now; called by who has its store open. Nothing fails for it. */
    public static void used(Path directory, String origins) {
        try {
            Files.writeString(directory.resolve(ORIGINS), origins + "\n");
        } catch (IOException e) {
            LOG.warn("that {} is used now is not remembered: {}", directory, e.toString());
        }
    }

    /** By last use, the oldest first. */
    List<KeptCache> list() throws IOException {
        List<KeptCache> caches = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, Files::isDirectory)) {
                for (Path directory : directories) {
                    caches.add(read(directory));
                }
            }
        }
        caches.sort(Comparator.comparing(KeptCache::lastUsed).thenComparing(KeptCache::name));
        return caches;
    }

    /** @throws CommandException when a process uses it; the message says which */
    static void remove(KeptCache cache) throws IOException, CommandException {
        if (cache.user().isPresent()) {
            throw new CommandException(
                    ExitCode.BUSY,
                    "the cache " + cache.name() + " is in use by "
                            + cache.user().get() + "; unmount that first, with headrace umount");
        }
        StoreRemoval.remove(cache.directory(), cache.store());
    }

    private static KeptCache read(Path directory) throws IOException {
        Path origins = directory.resolve(ORIGINS);
        Path owner = StoreRemoval.ownerFile(store(directory));
        boolean told = Files.exists(origins);
        return new KeptCache(
                directory,
                told ? Files.readString(origins).strip() : "",
                bytesOnDisk(directory),
                modified(told ? origins : Files.exists(owner) ? owner : directory),
                CacheUser.of(store(directory)));
    }

    private static Instant modified(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    /** Files of a cache are sparse; Java tells their length only. */
    private static long bytesOnDisk(Path directory) throws IOException {
        Process du = new ProcessBuilder("du", "-sk", directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String output = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!du.waitFor(MEASURE_SECONDS, TimeUnit.SECONDS) || !output.matches("(?s)\\d+\\s.*")) {
                throw new IOException("du -sk " + directory + " does not tell its size");
            }
            return Long.parseLong(output.split("\\s", 2)[0]) << 10;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while measuring " + directory, e);
        } finally {
            du.destroy();
        }
    }
}
