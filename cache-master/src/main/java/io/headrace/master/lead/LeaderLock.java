package io.headrace.master.lead;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to write in a master's directory: an exclusive lock of the operating system on the file {@link #FILE} there. One
 * process at a time has it, on all machines that share the directory, until it closes it or ends in whatever way; a process that is
 * stopped keeps it. The file stays, and says who had the lock last.
 *
 * <p>The lock is POSIX's ({@code fcntl}): it ends when its process closes <em>any</em> descriptor of the file. Who has the lock
 * therefore never opens the file again.
 */
public final class LeaderLock implements Closeable {
    /** The file's name in the directory. */
    public static final String FILE = "leader";

    private static final int LONGEST_WHO = 512;

    private final FileChannel file;

    private LeaderLock(FileChannel file) {
        this.file = file;
    }

    /**
     * @param directory must be there
     * @param who takes it, in words, for those who do not get it; goes on from "process 12 on host a, "
     * @throws LedByAnotherException when somebody else has it
     */
    public static LeaderLock take(Path directory, String who) throws IOException {
        Optional<LeaderLock> lock = tryTake(directory, who);
        if (lock.isEmpty()) {
            throw new LedByAnotherException(directory, lastHolder(directory));
        }
        return lock.get();
    }

    /** As {@link #take}; empty when somebody else has it. */
    public static Optional<LeaderLock> tryTake(Path directory, String who) throws IOException {
        FileChannel file = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = lock(file, directory);
            if (taken) {
                sign(file, who);
            }
        } finally {
            if (!taken) {
                file.close();
            }
        }
        return taken ? Optional.of(new LeaderLock(file)) : Optional.empty();
    }

    private static boolean lock(FileChannel file, Path directory) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false;
        } catch (IOException e) {
            throw new IOException(
                    "the file " + directory.resolve(FILE) + " cannot be locked: " + e.getMessage()
                            + ". A master's directory is on a disk, or on a shared file system with locks, such as NFS version 4",
                    e);
        }
    }

    private static void sign(FileChannel file, String who) throws IOException {
        String text = "process " + ProcessHandle.current().pid() + " on host " + hostName() + ", " + who + "\n";
        file.truncate(0);
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "without a name";
        }
    }

    private static String lastHolder(Path directory) throws IOException {
        byte[] text = Files.readAllBytes(directory.resolve(FILE));
        return new String(text, 0, Math.min(text.length, LONGEST_WHO), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
