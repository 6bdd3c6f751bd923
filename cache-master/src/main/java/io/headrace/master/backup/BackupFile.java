package io.headrace.master.backup;

import io.headrace.master.catalog.CatalogCopy;
import io.headrace.master.cluster.RestoredMembers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** A backup on disk, as {@link BackupWriter} wrote it. */
public record BackupFile(Path path) {
    /** In a directory that is being filled; a master does not start on it. */
    public static final String UNFINISHED = "restoring";

    private static final int PIECE_BYTES = 256 << 10;

    /** What becomes of a file of the backup. */
    private interface Target {
        OutputStream open(String name) throws IOException;
    }

    /**
     * Reads all of it and compares the checksums.
     *
     * @throws DamagedBackupException when it is cut, changed, or no backup
     */
    public void verify() throws IOException {
        read(_ -> OutputStream.nullOutputStream());
    }

    /**
     * Makes a master's directory of it, after it was {@linkplain #verify verified}. Until that is done the directory holds the file
     * {@link #UNFINISHED}: no master starts there, and restoring again begins anew. Epochs and ids go on at the present time, which is
     * beyond all that the master gave out after the backup.
     *
     * @throws IOException also when the directory holds something else
     */
    public void restore(Path directory, Clock clock) throws IOException {
        verify();
        Files.createDirectories(directory);
        requireUnused(directory);
        Path unfinished = directory.resolve(UNFINISHED);
        Files.writeString(unfinished, path.getFileName() + "\n");
        clearBut(directory, unfinished);
        read(name -> open(directory, name));
        RestoredMembers.continueAt(directory.resolve("members"), clock);
        CatalogCopy.markRestored(directory.resolve("catalog"));
        sync(directory);
        Files.delete(unfinished);
        syncOne(directory);
    }

    private static void requireUnused(Path directory) throws IOException {
        if (Files.exists(directory.resolve(UNFINISHED))) {
            return;
        }
        try (Stream<Path> there = Files.list(directory)) {
            if (there.anyMatch(path -> !path.endsWith("lost+found"))) {
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
            throw damaged("it names the file \"" + name + "\"");
        }
        Files.createDirectories(file.resolveSibling("."));
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    }

    private void read(Target target) throws IOException {
        try (CheckedInputStream checked =
                        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path)), new CRC32C());
                DataInputStream input = new DataInputStream(checked)) {
            byte[] format = BackupWriter.FORMAT.getBytes(StandardCharsets.US_ASCII);
            if (!Arrays.equals(input.readNBytes(format.length), format)) {
                throw damaged("it does not begin with \"" + BackupWriter.FORMAT.strip() + "\"");
            }
            long files = 0;
            while (readRecord(input, checked, new Numbered(target, files))) {
                files++;
            }
            if (input.read() >= 0) {
                throw damaged("something follows its end");
            }
        } catch (EOFException e) {
            throw damaged("it is cut short");
        }
    }

    private record Numbered(Target target, long filesBefore) {}

    /** Returns whether it was a file; false for the end. */
    private boolean readRecord(DataInputStream input, CheckedInputStream checked, Numbered numbered)
            throws IOException {
        checked.getChecksum().reset();
        int nameBytes = input.readUnsignedShort();
        String name = new String(exactly(input, nameBytes), StandardCharsets.UTF_8);
        long length = input.readLong();
        if (length < 0) {
            throw damaged("a file in it has a negative length");
        }
        if (nameBytes > 0) {
            try (OutputStream file = numbered.target().open(name)) {
                copy(input, file, length);
            }
        }
        int crc = (int) checked.getChecksum().getValue();
        if (input.readInt() != crc) {
            throw damaged("a checksum does not match");
        }
        if (nameBytes == 0 && length != numbered.filesBefore()) {
            throw damaged("it has " + numbered.filesBefore() + " of " + length + " files");
        }
        return nameBytes > 0;
    }

    private static void copy(DataInputStream input, OutputStream file, long length) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long left = length; left > 0; ) {
            int count = input.read(piece, 0, (int) Math.min(left, piece.length));
            if (count < 0) {
                throw new EOFException();
            }
            file.write(piece, 0, count);
            left -= count;
        }
    }

    private static byte[] exactly(DataInputStream input, int length) throws IOException {
        byte[] bytes = new byte[length];
        input.readFully(bytes);
        return bytes;
    }

    private static void sync(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.filter(path -> !path.startsWith(directory.resolve("lost+found")))
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

    private DamagedBackupException damaged(String how) {
        return new DamagedBackupException(
                "the backup " + path + " is damaged, and nothing was restored: " + how + ". Use another one");
    }
}
