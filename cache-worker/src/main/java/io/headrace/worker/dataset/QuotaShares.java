package io.headrace.worker.dataset;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.store.BlockStore;
import io.headrace.store.Quota;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds each data set of a cluster to this worker's share of its quota. Placement gives a worker blocks by its capacity, so its
 * share of the bytes is the quota by its part of the capacity of all who own blocks, and one block for the unevenness of few.
 * The blocks of a large file are on all workers: the quota of objects is each worker's own. For one thread.
 */
public final class QuotaShares implements KeptDataSets.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaShares.class);

    private final BlockStore store;
    private final ClusterViews views;
    private final WorkerId self;
    private final Map<MountId, Quota> applied = new HashMap<>();

    public QuotaShares(BlockStore store, ClusterViews views, WorkerId self) {
        this.store = store;
        this.views = views;
        this.self = self;
    }

    @Override
    public void told(ListMountsReply dataSets) {
        ClusterView view = views.current();
        for (MountedDataSet mounted : dataSets.getMountsList()) {
            MountId mount = new MountId(mounted.getMountId());
            Quota share = share(mounted.getDataSet().getQuota(), view);
            if (!share.equals(applied.getOrDefault(mount, Quota.NONE))) {
                limit(mount, share);
            }
        }
    }

    private void limit(MountId mount, Quota share) {
        try {
            store.limit(Set.of(mount), share);
            applied.put(mount, share);
        } catch (IOException e) {
            LOG.warn("the quota of data set {} does not hold yet; it is tried again", mount, e);
        }
    }

    private Quota share(io.headrace.protocol.v1.Quota whole, ClusterView view) {
        long bytes = whole.getBytes() == 0 ? Long.MAX_VALUE : bytesHere(whole.getBytes(), view);
        return new Quota(bytes, whole.getObjects() == 0 ? Long.MAX_VALUE : whole.getObjects());
    }

    /** All of it while the view is not known, or this worker owns nothing. */
    private long bytesHere(long whole, ClusterView view) {
        double capacity = view.workers().stream()
                .filter(Worker::ownsBlocks)
                .mapToDouble(Worker::capacityBytes)
                .sum();
        double own = view.worker(self)
                .filter(Worker::ownsBlocks)
                .map(Worker::capacityBytes)
                .orElse(0L);
        return own == 0 ? whole : Math.min(whole, (long) Math.ceil(whole * (own / capacity)) + Blocks.BLOCK_BYTES);
    }
}
