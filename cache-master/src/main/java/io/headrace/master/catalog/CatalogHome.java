package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A catalog directory that this process owns until {@link #close}. Files: {@code FORMAT}, {@code lock} (held, and names the
 * owner's process), {@code names} (the RocksDB), {@code import} (files on their way into it) and, when damage was met, {@code damaged}.
 */
final class CatalogHome implements AutoCloseable {
    static final String FORMAT = "headrace-catalog 2";

    /** Has no rows of files by id ({@link IdRow}). It is read as it is, and becomes of this format when it is opened. */
    static final String FIRST_FORMAT = "headrace-catalog 1";

    /** Present in one that a backup brought, until its ids are beyond those of the catalog that was lost. */
    static final String RESTORED = "restored";

    private static final Set<String> NOT_FOREIGN = Set.of("lock", "lost+found", "FORMAT.new");

    private final Path path;
    private final FileChannel lockFile;
    private final AtomicLong copies = new AtomicLong();

    private CatalogHome(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * @throws IOException when another process owns the directory, or it is no catalog of this format; the message names
     *     the directory and the way out
     */
    static CatalogHome open(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path format = directory.resolve("FORMAT");
        if (!Files.exists(format)) {
            requireNothingForeign(directory);
        }
        FileChannel lockFile = lock(directory);
        try {
            if (!Files.exists(format) || isFirst(format)) {
                Path fresh = directory.resolve("FORMAT.new");
                Files.writeString(fresh, FORMAT + "\n");
                Files.move(fresh, format, StandardCopyOption.ATOMIC_MOVE);
            }
            CatalogHome home = new CatalogHome(directory, lockFile);
            delete(home.imports());
            Files.createDirectories(home.imports());
            return home;
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    Path names() {
        return path.resolve("names");
    }

    Path imports() {
        return path.resolve("import");
    }

    /** Where nothing is, and where nothing stays at the next start. */
    CatalogCopy newCopy() throws IOException {
        Path copy = imports().resolve("copy-" + copies.incrementAndGet());
        Files.createDirectory(copy);
        Files.writeString(copy.resolve("FORMAT"), FORMAT + "\n");
        return new CatalogCopy(copy);
    }

    boolean isRestored() {
        return Files.exists(path.resolve(RESTORED));
    }

    void forgetRestored() throws IOException {
        Files.delete(path.resolve(RESTORED));
    }

    boolean isMarkedDamaged() {
        return Files.exists(path.resolve("damaged"));
    }

    void markDamaged(String reason) throws IOException {
        Files.writeString(path.resolve("damaged"), reason + "\n");
    }

    /** Removes all names; the origins still have them. */
    void clear() throws IOException {
        delete(names());
        Files.deleteIfExists(path.resolve("damaged"));
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            String owner = Files.readString(file).strip();
            throw new IOException("the catalog directory " + directory + " is in use by process "
                    + (owner.isEmpty() ? "(starting)" : owner)
                    + "; stop it, or give this one a directory of its own");
        }
        // Through the locked channel: closing another descriptor of the file would release the lock (POSIX).
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException ownedByThisProcess) {
            return false;
        }
    }

    private static void requireNothingForeign(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!NOT_FOREIGN.contains(String.valueOf(entry.getFileName()))) {
                    throw new IOException("the directory " + directory + " is no Headrace catalog and is not empty"
                            + " (it holds \"" + entry.getFileName()
                            + "\"); give an empty directory, or one that does not exist yet");
                }
            }
        }
    }

    /** Whether it is of the first format; fails when it is neither of that nor of this one. */
    private static boolean isFirst(Path format) throws IOException {
        String found = Files.readString(format).strip();
        boolean first = found.equals(FIRST_FORMAT);
        if (!first && !found.equals(FORMAT)) {
            throw new IOException("the catalog in " + format.getParent() + " has the format \"" + found
                    + "\", and this version of Headrace reads \"" + FORMAT
                    + "\"; use the version that wrote it, or delete the directory: the origins have all that is in it");
        }
        return first;
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
