package io.headrace.store;

import io.headrace.protocol.ByteSize;
import io.headrace.store.eviction.S3Fifo;
import io.headrace.store.eviction.TierSpace;
import io.headrace.store.map.BlockMap;
import io.headrace.store.map.HeapTable;
import io.headrace.store.map.OrderedTable;
import io.headrace.store.map.RocksTable;
import io.headrace.store.packed.PackedFiles;
import io.headrace.store.tier.MachineMemory;
import io.headrace.store.tier.MemoryDirectory;
import io.headrace.store.tier.StoreDirectory;
import io.headrace.store.tier.TierFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tiers of one store, fastest first, and the directories and tables below them. */
final class StoreTiers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreTiers.class);
    private static final double DISK_SHARE_OF_FREE = 0.8;

    private final List<CacheTier> tiers = new ArrayList<>();
    private @Nullable PackedFiles packed;
    private final Deque<Closing> closing = new ArrayDeque<>();

    /** One of what is opened, in the order of opening. */
    private interface Closing {
        void close() throws IOException;
    }

    private StoreTiers() {}

    static StoreTiers open(StoreSettings settings, StoreContext context) throws IOException {
        StoreTiers opened = new StoreTiers();
        try {
            opened.openAll(settings, context);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    List<CacheTier> all() {
        return List.copyOf(tiers);
    }

    /** Small files, in the slowest tier. */
    PackedFiles packed() {
        return Objects.requireNonNull(packed);
    }

    /** The map that outlives the process, if any does. */
    BlockMap durable() {
        return tiers.getLast().map();
    }

    @Override
    public void close() throws IOException {
        while (!closing.isEmpty()) {
            closing.pop().close();
        }
    }

    private void openAll(StoreSettings settings, StoreContext context) throws IOException {
        StoreDirectory directory = StoreDirectory.open(settings.directory());
        closing.push(directory::close);
        FileStore disk = Files.getFileStore(directory.path());
        long freeBytes = disk.getUsableSpace();
        long memoryBytes = settings.memoryCapacity().isPresent()
                ? settings.memoryCapacity().get().bytes()
                : MachineMemory.tierDefaultBytes();
        if (memoryBytes > 0) {
            openMemory(directory, memoryBytes, context);
        }
        if (settings.diskCapacity().map(ByteSize::bytes).orElse(freeBytes) > 0) {
            RocksTable table = RocksTable.open(directory.path().resolve("map"));
            LongSupplier room = () -> usable(disk) - settings.leftFree().bytes();
            TierSpace space = settings.diskCapacity()
                    .map(given -> new TierSpace(given.bytes(), room, new S3Fifo()))
                    .orElseGet(() -> new TierSpace(
                            (long) (DISK_SHARE_OF_FREE * freeBytes), DISK_SHARE_OF_FREE, room, new S3Fifo()));
            add(directory.path(), new Opened(Tier.DISK, table, space), context);
        }
        if (tiers.isEmpty()) {
            throw new IOException("the cache in " + directory.path() + " has no tier: there is no memory tier here, and"
                    + " store.disk-capacity is 0");
        }
    }

    private void openMemory(StoreDirectory directory, long bytes, StoreContext context) throws IOException {
        Optional<MemoryDirectory> memory = MemoryDirectory.open(directory, bytes);
        if (memory.isEmpty()) {
            log.warn("no memory tier: neither a tmpfs can be mounted nor /dev/shm be used");
            return;
        }
        closing.push(memory.get()::close);
        TierSpace space = new TierSpace(bytes, () -> Long.MAX_VALUE / 2, new S3Fifo());
        add(memory.get().path(), new Opened(Tier.MEMORY, new HeapTable(), space), context);
    }

    private void add(Path directory, Opened opened, StoreContext context) throws IOException {
        closing.push(opened.table()::close);
        TierFiles blocks = new TierFiles(directory.resolve("blocks"), opened.tier());
        tiers.add(new CacheTier(blocks, new BlockMap(opened.table()), opened.space(), context));
        TierFiles slabs = new TierFiles(directory.resolve("slabs"), opened.tier());
        PackedFiles last = new PackedFiles(slabs, opened.table(), opened.space(), context.faults(), context.pins());
        closing.push(last::close);
        packed = last;
    }

    private record Opened(Tier tier, OrderedTable table, TierSpace space) {}

    private static long usable(FileStore disk) {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
