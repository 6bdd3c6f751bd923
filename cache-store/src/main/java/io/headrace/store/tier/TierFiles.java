package io.headrace.store.tier;

import io.headrace.store.Tier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.LongPredicate;

/**
 * The files of one tier, named by number, in 256 folders. Thread-safe.
 */
public final class TierFiles {
    private static final String SUFFIX = ".blocks";

    private final Path directory;
    private final Tier tier;

    public TierFiles(Path directory, Tier tier) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.tier = tier;
    }

    public Path directory() {
        return directory;
    }

    public Tier tier() {
        return tier;
    }

    /** Creates an empty sparse file of this length. */
    public TierFile create(long number, long lengthBytes) throws IOException {
        Path path = path(number);
        Files.createDirectories(directoryOf(path));
        int descriptor = Linux.open(path, Linux.O_RDWR | Linux.O_CREAT);
        try {
            Linux.setLength(descriptor, path, lengthBytes);
        } finally {
            Linux.close(descriptor, path);
        }
        return new TierFile(path, lengthBytes, tier);
    }

    public TierFile existing(long number, long lengthBytes) {
        return new TierFile(path(number), lengthBytes, tier);
    }

    /** The file's length; 0 when it is absent. */
    public long length(long number) throws IOException {
        Path path = path(number);
        return Files.isRegularFile(path) ? Files.size(path) : 0;
    }

    /** Whether the file is there and has this length. */
    public boolean isWhole(long number, long lengthBytes) throws IOException {
        Path path = path(number);
        return Files.isRegularFile(path) && Files.size(path) == lengthBytes;
    }

    /** Deletes files that a crash left behind. */
    public void deleteUnless(LongPredicate known) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                    for (Path file : files) {
                        if (!known.test(numberOf(file))) {
                            Files.delete(file);
                        }
                    }
                }
            }
        }
    }

    private Path path(long number) {
        String name = HexFormat.of().toHexDigits(number);
        return directory.resolve(name.substring(14)).resolve(name + SUFFIX);
    }

    private Path directoryOf(Path path) {
        return path.resolveSibling("");
    }

    private static long numberOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return HexFormat.fromHexDigitsToLong(name, 0, name.length() - SUFFIX.length());
    }
}
