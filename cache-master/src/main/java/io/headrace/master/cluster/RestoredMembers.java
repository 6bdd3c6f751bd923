package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The membership that a backup brought. */
public final class RestoredMembers {
    private RestoredMembers() {}

    /**
     * Gives the view the epoch of the present millisecond. Epochs begin at a millisecond and grow by less than one in each, so that is
     * beyond all that the cluster has shown since the backup, which readers would take no view before.
     *
     * @param directory as of {@link Cluster#open}, while no cluster is open there
     */
    public static void continueAt(Path directory, Clock clock) throws IOException {
        MembershipFile file = new MembershipFile(directory);
        Optional<SavedState> saved = file.read();
        if (saved.isPresent()) {
            KnownViews views = saved.get().views();
            long epoch = Math.max(saved.get().epoch() + 1, clock.millis());
            ClusterView current = new ClusterView(epoch, views.current().workers());
            file.write(new SavedState(
                    saved.get().clusterId(),
                    new KnownViews(current, views.earlier()),
                    saved.get().drainWanted()));
        }
    }
}
