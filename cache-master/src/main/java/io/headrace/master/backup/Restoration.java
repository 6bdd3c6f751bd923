package io.headrace.master.backup;

import io.headrace.master.catalog.CatalogCopy;
import io.headrace.master.cluster.RestoredMembers;
import io.headrace.master.lead.LeaderLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes a master's directory of a backup. */
record Restoration(BackupSource source) {
    /** @throws DamagedBackupException when it is cut, changed, or no backup */
    void verify() throws IOException {
        read(_ -> OutputStream.nullOutputStream());
    }

    private void read(BackupReader.Target target) throws IOException {
        try (InputStream input = source.open()) {
            reader().read(input, target);
        }
    }

    private BackupReader reader() {
        return new BackupReader(source.toString());
    }

    /**
     * Fills the directory, after the backup was {@linkplain #verify verified}. Until that is done the directory holds the file
     * {@link BackupFile#UNFINISHED}: no master starts there, and restoring again begins anew. Epochs and ids go on at the present time,
     * which is beyond all that the master gave out after the backup. No master leads there meanwhile; one that stands by leads
     * afterwards.
     *
     * @throws IOException also when the directory holds something else, or another process writes there
     */
    void into(Path directory, Clock clock) throws IOException {
        verify();
        Files.createDirectories(directory);
        requireUnused(directory);
        try (LeaderLock _ = LeaderLock.take(directory, "restoring a backup")) {
            // Another restore may have ended since.
            requireUnused(directory);
            fill(directory, clock);
        }
    }

    private void fill(Path directory, Clock clock) throws IOException {
        Path unfinished = directory.resolve(BackupFile.UNFINISHED);
        Files.writeString(unfinished, source + "\n");
        clearBut(directory, unfinished);
        read(name -> open(directory, name));
        RestoredMembers.continueAt(directory.resolve("members"), clock);
        CatalogCopy.markRestored(directory.resolve("catalog"));
        sync(directory);
        Files.delete(unfinished);
        syncOne(directory);
    }

    private static void requireUnused(Path directory) throws IOException {
        if (Files.exists(directory.resolve(BackupFile.UNFINISHED))) {
            return;
        }
        try (Stream<Path> there = Files.list(directory)) {
            if (there.anyMatch(path -> !path.endsWith("lost+found") && !path.endsWith(LeaderLock.FILE))) {
                throw new IOException(
                        "the directory " + directory
                                + " is not empty, and nothing in it was touched. Restore into an empty one, or move that away first");
            }
        }
    }

    private static void clearBut(Path directory, Path kept) throws IOException {
        List<Path> old;
        try (Stream<Path> walk = Files.walk(directory)) {
            old = walk.filter(path -> !path.equals(directory)
                            && !path.equals(kept)
                            && !path.equals(directory.resolve(LeaderLock.FILE))
                            && !path.startsWith(directory.resolve("lost+found")))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path path : old) {
            Files.delete(path);
        }
    }

    private OutputStream open(Path directory, String name) throws IOException {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize()) || file.equals(directory.normalize())) {
            throw reader().damaged("it names the file \"" + name + "\"");
        }
        Files.createDirectories(file.resolveSibling("."));
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    }

    private static void sync(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            // The lock ends when its file is opened and closed.
            all = walk.filter(path -> !path.startsWith(directory.resolve("lost+found"))
                            && !path.equals(directory.resolve(LeaderLock.FILE)))
                    .toList();
        }
        for (Path path : all) {
            syncOne(path);
        }
    }

    private static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
