package io.headrace.worker;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.store.BackingFile;
import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.CheckResult;
import io.headrace.store.DataSetUsage;
import io.headrace.store.FetchProgress;
import io.headrace.store.LeasedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.store.Quota;
import io.headrace.store.ReadCompletion;
import io.headrace.store.Residency;
import io.headrace.store.StoreUsage;
import io.headrace.store.Tier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers how far each file is loaded, from its start; a hook sees every load and may fail, wait or evict. */
final class FakeBlockStore implements BlockStore {
    final Map<FileVersion, Long> loaded = new ConcurrentHashMap<>();
    final AtomicInteger openFiles = new AtomicInteger();
    volatile LoadHook hook = (key, range) -> {};

    /** Called before a range counts as loaded. */
    @FunctionalInterface
    interface LoadHook {
        void loading(ObjectKey key, ByteRange range) throws IOException, InterruptedException;
    }

    @Override
    public CachedFile open(FileVersion version, RangeSource source) {
        openFiles.incrementAndGet();
        return new FakeFile(version);
    }

    @Override
    public Optional<Residency> residency(FileVersion version) {
        return Optional.ofNullable(loaded.get(version))
                .map(bytes -> new Residency(Map.of(), bytes, bytes == version.lengthBytes(), false));
    }

    @Override
    public long evict(FileVersion version) {
        Long bytes = loaded.remove(version);
        return bytes == null ? 0 : bytes;
    }

    @Override
    public void pin(FileVersion version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unpin(FileVersion version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<FileVersion> pinned() {
        return Set.of();
    }

    @Override
    public CheckResult check(FileVersion version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void limit(Set<MountId> dataSet, Quota quota) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Tier, DataSetUsage> usage(Set<MountId> dataSet) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileVersion> versions() {
        return List.copyOf(loaded.keySet());
    }

    @Override
    public StoreUsage usage() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    private final class FakeFile implements CachedFile {
        private final FileVersion version;

        FakeFile(FileVersion version) {
            this.version = version;
        }

        @Override
        public FileVersion version() {
            return version;
        }

        @Override
        public void load(ByteRange range, FetchReason reason, FetchProgress progress)
                throws IOException, InterruptedException {
            hook.loading(version.key(), range);
            long before = loaded.getOrDefault(version, 0L);
            long present = Math.clamp(before - range.offset(), 0, range.length());
            loaded.merge(version, range.end(), Math::max);
            progress.advanced(range.length() - present, present);
        }

        @Override
        public void close() {
            openFiles.decrementAndGet();
        }

        @Override
        public Optional<PinnedBytes> readNow(ByteRange range) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void read(ByteRange range, ReadCompletion completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readExactly(ByteRange range, ReadCompletion completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean recheck(ByteRange range) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void prefetch(ByteRange range, FetchReason reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Residency residency() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isComplete() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void whenComplete(Runnable listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<LeasedFile> lease(int block) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<BackingFile> handOut() {
            throw new UnsupportedOperationException();
        }
    }
}
