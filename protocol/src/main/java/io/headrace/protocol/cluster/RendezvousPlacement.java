package io.headrace.protocol.cluster;

import io.headrace.protocol.FileVersion;
import java.util.List;

/**
 * Weighted rendezvous hashing: each worker draws a number for the block, and the least wins. A worker that comes takes
 * blocks from the others in proportion to its capacity, and nothing else moves; of one that goes, only its blocks move.
 *
 * <p>With {@code u} drawn evenly from (0, 1), {@code -ln(u) / capacity} is exponentially distributed with the capacity as
 * its rate, and the least of such draws is a worker's with a chance in proportion to its rate (Schindelhauer and
 * Schomaker, <i>Weighted Distributed Hash Tables</i>, SPAA 2005, the logarithmic method). The draw is the hash of
 * {@code docs/design/placement.md}, which has test vectors for other languages; its 64-bit mix is the finalizer of
 * SplitMix64 (Steele, Lea and Flood, <i>Fast Splittable Pseudorandom Number Generators</i>, OOPSLA 2014).
 *
 * <p>The first owner is the least of all. A replica is the least in a zone that no owner before it is in, while a worker
 * names such a zone; else the least on another host; else the least of the rest. A zone counts within its region.
 *
 * <p>Thread-safe. What it computes from a view it keeps for the next call with the same one.
 */
public final class RendezvousPlacement implements Placement {
    private volatile ViewWeights last = ViewWeights.of(ClusterView.NONE);

    @Override
    public List<Worker> owners(FileVersion version, int block, ClusterView view, int replicas) {
        return owners(PlacementKey.of(version), block, view, replicas);
    }

    /** As {@link #owners(FileVersion, int, ClusterView, int)}, for one who keeps the key of a file that is open. */
    public List<Worker> owners(PlacementKey key, int block, ClusterView view, int replicas) {
        ViewWeights weights = weights(view);
        long file = fileHash(key, block);
        if (replicas != 1) {
            return new ReplicaChoice(weights, weights.scores(file), replicas).owners();
        }
        int first = weights.least(file);
        return first < 0 ? List.of() : List.of(weights.worker(first));
    }

    /** A number for a block of a file, well mixed: the input to each worker's draw. */
    static long fileHash(PlacementKey key, int block) {
        return mix(key.value() + block * 0x9e3779b97f4a7c15L);
    }

    /** The 64 bits of one worker's draw for one block. */
    static long drawnBits(long fileHash, long workerHash) {
        return mix(fileHash ^ workerHash);
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    // An equal view that is another object only costs its weights; comparing all its workers would cost each call.
    @SuppressWarnings("ReferenceEquality")
    private ViewWeights weights(ClusterView view) {
        ViewWeights known = last;
        if (known.view() != view) {
            known = ViewWeights.of(view);
            last = known;
        }
        return known;
    }
}
