package io.headrace.store.eviction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.headrace.protocol.MountId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Hit ratios of S3-FIFO, W-TinyLFU (Caffeine's) and LRU on {@link Traces}; run main for the table in decisions.md. */
public final class EvictionSimulation {
    private EvictionSimulation() {}

    public static void main(String[] arguments) {
        long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : 42;
        Map<String, int[]> traces = new LinkedHashMap<>();
        traces.put("model loads", Traces.modelLoads(new Random(seed)));
        traces.put("shuffled epochs", Traces.shuffledEpochs(new Random(seed)));
        traces.put("zipf 0.9", Traces.zipf(new Random(seed)));
        traces.put("mixed", Traces.mixed(new Random(seed)));
        System.out.println(
                "seed " + seed + "\n| trace | capacity | S3-FIFO | W-TinyLFU | LRU |\n|---|---|---|---|---|");
        traces.forEach((name, trace) -> {
            for (int capacity : new int[] {1500, 3000, 6000}) {
                System.out.printf(
                        "| %s | %d | %.3f | %.3f | %.3f |%n",
                        name, capacity, s3Fifo(trace, capacity), tinyLfu(trace, capacity), lru(trace, capacity));
            }
        });
    }

    static double s3Fifo(int[] trace, int capacity) {
        S3Fifo policy = new S3Fifo();
        Map<Integer, CacheEntry> kept = new HashMap<>();
        int hits = 0;
        for (int block : trace) {
            CacheEntry entry = kept.get(block);
            if (entry != null) {
                entry.touch();
                hits++;
                continue;
            }
            if (kept.size() == capacity) {
                kept.remove((int) policy.victim().orElseThrow().key());
            }
            CacheEntry fresh = new Simulated(block);
            kept.put(block, fresh);
            policy.admit(fresh);
        }
        return (double) hits / trace.length;
    }

    static double tinyLfu(int[] trace, int capacity) {
        Cache<Integer, Integer> cache = Caffeine.newBuilder()
                .maximumSize(capacity)
                .executor(Runnable::run)
                .build();
        int hits = 0;
        for (int block : trace) {
            if (cache.getIfPresent(block) != null) {
                hits++;
            } else {
                cache.put(block, block);
            }
        }
        return (double) hits / trace.length;
    }

    static double lru(int[] trace, int capacity) {
        Map<Integer, Integer> kept = new LinkedHashMap<>(16, 0.75f, true);
        int hits = 0;
        for (int block : trace) {
            if (kept.get(block) != null) {
                hits++;
                continue;
            }
            if (kept.size() == capacity) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(block, block);
        }
        return (double) hits / trace.length;
    }

    private static final MountId MOUNT = new MountId("0000000000000000");

    private static final class Simulated extends CacheEntry {
        Simulated(int block) {
            super(MOUNT, 1, block);
        }

        @Override
        protected boolean isGone() {
            return false;
        }

        @Override
        protected boolean tryEvict() {
            return true;
        }
    }
}
