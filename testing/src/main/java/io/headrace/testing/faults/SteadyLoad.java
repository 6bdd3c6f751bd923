package io.headrace.testing.faults;

import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Threads that open files of a mount at random, read ranges of them at random, and check version and bytes. */
final class SteadyLoad implements AutoCloseable {
    private static final int LONGEST_READ = 1 << 20;
    private static final int READS_OF_A_FILE = 4;
    /** Between two files, so that readers leave the processors to those that they watch. */
    private static final long PAUSE_MILLIS = 20;

    private final Path mount;
    private final VersionedFiles files;
    private final VersionHistory history;
    private final List<Thread> readers = new ArrayList<>();
    private final AtomicLongArray turns;
    private volatile Tally tally = new Tally();
    private volatile Duration namesMayBeOld = Duration.ZERO;
    private volatile boolean ending;

    private SteadyLoad(Path mount, VersionedFiles files, VersionHistory history, int threads) {
        this.mount = mount;
        this.files = files;
        this.history = history;
        this.turns = new AtomicLongArray(threads);
    }

    static SteadyLoad start(Path mount, VersionedFiles files, VersionHistory history, int threads) {
        SteadyLoad load = new SteadyLoad(mount, files, history, threads);
        for (int i = 0; i < threads; i++) {
            int reader = i;
            load.readers.add(Thread.ofPlatform()
                    .name("fault-reader-", i)
                    .daemon()
                    .start(() -> load.read(reader, new Random(files.seed() + reader))));
        }
        return load;
    }

    /**
     * What is met from now on counts for the tally given.
     *
     * @param staleness how long after its replacement a version may still be opened
     */
    void countFor(Tally next, Duration staleness) {
        namesMayBeOld = staleness;
        tally = next;
    }

    /**
     * Returns when every reader has ended what it was at when this was called: a stall belongs to the fault that made it.
     *
     * @throws IOException when one has not within the time
     */
    void awaitTurn(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int reader = 0; reader < turns.length(); reader++) {
            long before = turns.get(reader);
            while (turns.get(reader) < before + 2) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("a reader has hung for " + patience.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void read(int reader, Random random) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_READ);
        try {
            while (!ending) {
                readFile(random.nextInt(files.count()), buffer, random);
                turns.incrementAndGet(reader);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void readFile(int file, ByteBuffer buffer, Random random) {
        long version = -1;
        long start = System.nanoTime();
        try (FileChannel channel =
                FileChannel.open(mount.resolve(VersionedFiles.name(file)), StandardOpenOption.READ)) {
            fill(channel, buffer.clear().limit(VersionedFiles.HEADER_BYTES), 0);
            version = VersionedFiles.version(MemorySegment.ofBuffer(buffer.flip()));
            tally.read(VersionedFiles.HEADER_BYTES, since(start));
            if (!history.exists(file, version)) {
                tally.wrong(VersionedFiles.name(file) + " had version " + version + ", which never was");
                return;
            }
            tally.age(history.age(file, version, start));
            for (int i = 0; i < READS_OF_A_FILE; i++) {
                int length = 1 + random.nextInt(LONGEST_READ);
                long offset = VersionedFiles.HEADER_BYTES
                        + (long) random.nextInt(files.lengthBytes() - VersionedFiles.HEADER_BYTES - length);
                start = System.nanoTime();
                fill(channel, buffer.clear().limit(length), offset);
                tally.read(length, since(start));
                check(file, version, offset, buffer.flip());
            }
        } catch (IOException failure) {
            failed(file, version, failure, start);
        }
    }

    private void check(int file, long version, long offset, ByteBuffer bytes) {
        OptionalLong wrong = files.firstWrong(MemorySegment.ofBuffer(bytes), file, version, offset);
        if (wrong.isPresent()) {
            tally.wrong(VersionedFiles.name(file) + ", version " + version + ": wrong at " + wrong.getAsLong()
                    + " of a read of " + bytes.remaining() + " bytes at " + offset);
        }
    }

    /**
     * That the version is gone is no error, when it is. Of ESTALE Java says only the text; who meets it at the first read
     * does not know the version, which was one that could still be opened.
     */
    private void failed(int file, long version, IOException failure, long start) {
        boolean gone = version < 0
                ? history.hasChangedSince(file, start - namesMayBeOld.toNanos())
                : history.isReplaced(file, version);
        if (gone && String.valueOf(failure.getMessage()).contains("Stale file handle")) {
            tally.replaced(since(start));
        } else {
            tally.error(VersionedFiles.name(file) + ", version " + version + ": " + failure, since(start));
        }
    }

    private static void fill(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("ended at " + (offset + buffer.position()));
            }
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** Ends the readers; one that hangs is left, as a daemon. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(5));
        }
    }
}
