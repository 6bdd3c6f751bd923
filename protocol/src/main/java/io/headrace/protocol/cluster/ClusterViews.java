package io.headrace.protocol.cluster;

import java.util.List;

/**
 * The views of a cluster as they come. Thread-safe; never waits: while the master is away, the last view stays the
 * current one.
 */
public interface ClusterViews {
    /** The newest view; {@link ClusterView#NONE} before the first. */
    ClusterView current();

    /**
     * The views before the current one in which other workers owned blocks, the newest first: where blocks may still lie
     * that their owner of now lacks. Short and bounded.
     */
    List<ClusterView> earlier();
}
