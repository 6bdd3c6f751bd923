package io.headrace.client;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A loader of a model in shards, a cache that fetches blocks for it, and an origin of one MiB a tick, which it shares out
 * among its requests. Time is ticks: 8 ms at 125 MB/s. Counts the ticks in which the origin has nothing to do.
 */
final class OriginSimulation {
    private static final int MIB = 1 << 20;
    private static final int SLOTS = 16;
    private static final int SLOTS_FOR_READ_AHEAD = 14;

    /** The kernel asks for so much of a contiguous run before its reader comes to it. */
    private static final long KERNEL_READ_AHEAD = 16L * MIB;

    private record Block(int shard, int index) {}

    /** One shard, and how its reader goes through it. */
    record Shard(SafetensorsFile file, List<ByteRange> reads) {}

    private final List<Shard> shards;
    private final List<ReadAhead> readAheads = new ArrayList<>();
    private final int readerWakesEach;
    private final int ticksBetweenShards;

    private final Set<Block> wanted = new HashSet<>();
    private final Map<Block, Long> arrived = new HashMap<>();
    private final Deque<Block> demanded = new ArrayDeque<>();
    private final Deque<Block> ahead = new ArrayDeque<>();
    private final Deque<Block> flying = new ArrayDeque<>();
    private final Set<Integer> inspected = new HashSet<>();
    private int shard;
    private int consumed;
    private int issued;
    private int opensAt;
    private int ticks;
    private int idleTicks;

    /**
     * @param readerWakesEach how many ticks pass before the reader sees what has arrived; a busy machine
     * @param ticksBetweenShards how long the reader takes to close one and open the next
     */
    OriginSimulation(List<Shard> shards, int readerWakesEach, int ticksBetweenShards) {
        this.shards = shards;
        this.readerWakesEach = readerWakesEach;
        this.ticksBetweenShards = ticksBetweenShards;
        for (int i = 1; i <= shards.size(); i++) {
            readAheads.add(ReadAheads.forFile(
                    EntryName.of(String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i, shards.size())),
                    shards.get(i - 1).file().lengthBytes(),
                    ReadAheadSettings.defaults()));
        }
    }

    /** Runs until all was read. */
    OriginSimulation run() {
        while (shard < shards.size()) {
            if (ticks % readerWakesEach == 0 && ticks >= opensAt) {
                read();
            }
            begin();
            deliver();
            ticks++;
        }
        return this;
    }

    int ticks() {
        return ticks;
    }

    /** Ticks in which the origin was asked for nothing though bytes of the model were missing. */
    int idleTicks() {
        return idleTicks;
    }

    private void read() {
        List<ByteRange> reads = shards.get(shard).reads();
        do {
            issue(reads);
            while (consumed < issued && isHere(reads.get(consumed))) {
                consumed++;
            }
        } while (consumed == issued && consumed < reads.size());
        if (consumed == reads.size()) {
            shard++;
            consumed = 0;
            issued = 0;
            opensAt = ticks + ticksBetweenShards;
        }
    }

    private void issue(List<ByteRange> reads) {
        while (issued < reads.size() && (issued == consumed || isForeseen(reads))) {
            ByteRange read = reads.get(issued++);
            for (int block = Blocks.indexAt(read.offset()); block <= Blocks.indexAt(read.end() - 1); block++) {
                demand(new Block(shard, block));
            }
            plan(shard, readAheads.get(shard).observe(read));
        }
    }

    private boolean isForeseen(List<ByteRange> reads) {
        ByteRange next = reads.get(issued);
        return next.offset() == reads.get(issued - 1).end()
                && next.end() - reads.get(consumed).offset() <= KERNEL_READ_AHEAD;
    }

    private void demand(Block block) {
        if (wanted.add(block) || ahead.remove(block)) {
            demanded.add(block);
        }
    }

    private void plan(int of, List<ByteRange> plan) {
        for (ByteRange range : plan) {
            for (int block = Blocks.indexAt(range.offset()); block <= Blocks.indexAt(range.end() - 1); block++) {
                if (wanted.add(new Block(of, block))) {
                    ahead.add(new Block(of, block));
                }
            }
        }
        readAheads.get(of).nextFile().filter(next -> of + 1 < shards.size()).ifPresent(next -> {
            ByteRange start = new ByteRange(0, next.bytes()).clippedTo(new ByteRange(0, length(of + 1)));
            plan(of + 1, List.of(start));
        });
    }

    private void begin() {
        while (flying.size() < SLOTS && !demanded.isEmpty()) {
            flying.add(demanded.remove());
        }
        while (flying.size() < SLOTS_FOR_READ_AHEAD && !ahead.isEmpty()) {
            flying.add(ahead.remove());
        }
    }

    private void deliver() {
        Block block = flying.poll();
        if (block == null) {
            idleTicks += arrived.values().stream().mapToLong(Long::longValue).sum() < totalBytes() ? 1 : 0;
            return;
        }
        long size = Blocks.range(block.index(), length(block.shard())).length();
        long have = Math.min(size, arrived.getOrDefault(block, 0L) + MIB);
        arrived.put(block, have);
        if (have < size) {
            flying.add(block);
        }
        if (block.index() == 0 && inspected.add(block.shard())) {
            plan(
                    block.shard(),
                    readAheads
                            .get(block.shard())
                            .inspectHeader(shards.get(block.shard()).file().header()));
        }
    }

    private boolean isHere(ByteRange read) {
        for (int block = Blocks.indexAt(read.offset()); block <= Blocks.indexAt(read.end() - 1); block++) {
            ByteRange whole = Blocks.range(block, length(shard));
            long needed = Math.min(read.end(), whole.end()) - whole.offset();
            if (arrived.getOrDefault(new Block(shard, block), 0L) < needed) {
                return false;
            }
        }
        return true;
    }

    private long length(int of) {
        return shards.get(of).file().lengthBytes();
    }

    long totalBytes() {
        return shards.stream().mapToLong(each -> each.file().lengthBytes()).sum();
    }
}
