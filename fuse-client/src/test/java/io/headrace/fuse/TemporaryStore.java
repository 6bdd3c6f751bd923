package io.headrace.fuse;

import io.headrace.fuse.kernel.Libc;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.store.BackingFile;
import io.headrace.store.CachedFile;
import io.headrace.store.FetchProgress;
import io.headrace.store.LeasedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.store.ReadCompletion;
import io.headrace.store.Residency;
import io.headrace.store.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cached files for tests: each is a real file below a directory, whose content follows from the entry's id, and which a
 * test declares here or absent. Reads of an absent file wait until the test lets it arrive, or fail.
 */
public final class TemporaryStore implements FileOpener, AutoCloseable {
    private final Path directory;
    private final Map<Long, StoredFile> files = new ConcurrentHashMap<>();
    private final Arena arena = Arena.ofShared();

    public final AtomicInteger opens = new AtomicInteger();
    public final AtomicInteger lent = new AtomicInteger();
    public final List<ByteRange> prefetched = new CopyOnWriteArrayList<>();

    public TemporaryStore(Path directory) {
        this.directory = directory;
    }

    /** The bytes of a file: the same in every process. */
    public static byte[] content(FileEntry file) {
        byte[] bytes = new byte[Math.toIntExact(file.version().lengthBytes())];
        new SplittableRandom(file.id() * 7919).nextBytes(bytes);
        return bytes;
    }

    public StoredFile complete(FileEntry file) {
        StoredFile stored = stored(file);
        stored.arrive();
        return stored;
    }

    public StoredFile absent(FileEntry file) {
        return stored(file);
    }

    /** A complete file of any length: zeros, but for a {@link #mark} at each of these offsets. */
    public StoredFile sparse(FileEntry file, long... marks) throws IOException {
        try (FileChannel channel = FileChannel.open(
                pathOf(file), StandardOpenOption.CREATE, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), file.version().lengthBytes() - 1);
            for (long mark : marks) {
                channel.write(mark(mark), mark);
            }
        }
        return complete(file);
    }

    /** Eight bytes that only this offset has. */
    static ByteBuffer mark(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(~offset).flip();
    }

    public Path pathOf(FileEntry file) {
        return directory.resolve(Long.toString(file.id()));
    }

    private StoredFile stored(FileEntry file) {
        return files.computeIfAbsent(file.id(), id -> new StoredFile(file));
    }

    @Override
    public CachedFile open(FileEntry file) {
        opens.incrementAndGet();
        return stored(file).new Handle();
    }

    @Override
    public void close() {
        arena.close();
    }

    /** One file, for all handles. */
    public final class StoredFile {
        private final FileEntry entry;
        private final MemorySegment bytes;
        private final List<Waiting> waiting = new ArrayList<>();
        private final List<Runnable> listeners = new ArrayList<>();
        private boolean here;
        private volatile boolean packed;
        private volatile Optional<IOException> failure = Optional.empty();
        private final AtomicInteger blindLooks = new AtomicInteger();
        public final AtomicInteger reads = new AtomicInteger();

        private record Waiting(ByteRange range, ReadCompletion completion) {}

        StoredFile(FileEntry entry) {
            this.entry = entry;
            Path path = pathOf(entry);
            try {
                if (!Files.exists(path)) {
                    Files.write(path, content(entry));
                }
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    bytes = channel.size() == 0
                            ? MemorySegment.NULL
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void arrive() {
            List<Waiting> served;
            List<Runnable> told;
            synchronized (this) {
                here = true;
                served = List.copyOf(waiting);
                waiting.clear();
                told = List.copyOf(listeners);
                listeners.clear();
            }
            served.forEach(read -> read.completion().succeeded(pinned(read.range())));
            told.forEach(Runnable::run);
        }

        public synchronized void evict() {
            here = false;
        }

        /** The next so many looks find it incomplete, though it is here: it is completed after them. */
        public void seemIncomplete(int looks) {
            blindLooks.set(looks);
        }

        /** As packed with others: complete, but never handed out. */
        public void pack() {
            packed = true;
        }

        public void fail(IOException reason) {
            failure = Optional.of(reason);
        }

        public synchronized int waitingReads() {
            return waiting.size();
        }

        private synchronized boolean isHere() {
            return here;
        }

        private PinnedBytes pinned(ByteRange range) {
            // Two slices, so that every reply is gathered.
            long half = range.length() / 2;
            MemorySegment first = bytes.asSlice(range.offset(), half);
            MemorySegment second = bytes.asSlice(range.offset() + half, range.length() - half);
            return new PinnedBytes() {
                @Override
                public List<MemorySegment> segments() {
                    return List.of(first, second);
                }

                @Override
                public void close() {}
            };
        }

        final class Handle implements CachedFile {
            @Override
            public FileVersion version() {
                return entry.version();
            }

            @Override
            public Optional<PinnedBytes> readNow(ByteRange range) {
                reads.incrementAndGet();
                return isHere() ? Optional.of(pinned(range)) : Optional.empty();
            }

            @Override
            public void read(ByteRange range, ReadCompletion completion) {
                if (failure.isPresent()) {
                    completion.failed(failure.get());
                    return;
                }
                synchronized (StoredFile.this) {
                    if (!here) {
                        waiting.add(new Waiting(range, completion));
                        return;
                    }
                }
                completion.succeeded(pinned(range));
            }

            @Override
            public void readExactly(ByteRange range, ReadCompletion completion) {
                read(range, completion);
            }

            @Override
            public void prefetch(ByteRange range, FetchReason reason) {
                prefetched.add(range);
            }

            @Override
            public void load(ByteRange range, FetchReason reason, FetchProgress progress) {
                arrive();
            }

            @Override
            public boolean recheck(ByteRange range) {
                return false;
            }

            @Override
            public Residency residency() {
                long kept = isHere() ? entry.version().lengthBytes() : 0;
                return new Residency(Map.of(Tier.DISK, kept), kept, isHere(), false);
            }

            @Override
            public boolean isComplete() {
                return blindLooks.getAndUpdate(looks -> Math.max(0, looks - 1)) == 0 && isHere();
            }

            @Override
            public void whenComplete(Runnable listener) {
                synchronized (StoredFile.this) {
                    if (!here) {
                        listeners.add(listener);
                        return;
                    }
                }
                listener.run();
            }

            @Override
            public Optional<LeasedFile> lease(int block) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<BackingFile> handOut() {
                if (!isHere() || packed) {
                    return Optional.empty();
                }
                int descriptor = Libc.open(pathOf(entry).toString(), Libc.O_CLOEXEC);
                lent.incrementAndGet();
                return Optional.of(new BackingFile() {
                    @Override
                    public int descriptor() {
                        return descriptor;
                    }

                    @Override
                    public Tier tier() {
                        return Tier.DISK;
                    }

                    @Override
                    public void close() {
                        lent.decrementAndGet();
                        Libc.close(descriptor);
                    }
                });
            }

            @Override
            public void close() {
                opens.decrementAndGet();
            }
        }
    }
}
