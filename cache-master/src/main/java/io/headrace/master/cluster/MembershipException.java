package io.headrace.master.cluster;

import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.WorkerId;
import java.time.Duration;

/** Why a worker, or somebody who asks about one, is refused. */
public abstract sealed class MembershipException extends Exception {
    private MembershipException(String message) {
        super(message);
    }

    /** The worker's cache belongs to another cluster. */
    public static final class ForeignCluster extends MembershipException {
        ForeignCluster(WorkerId id, String of, String here) {
            super("the cache of worker " + id + " belongs to cluster " + of + ", and this master serves cluster " + here
                    + "; give the worker the address of its own master, or an empty cache directory. If its master was lost"
                    + " and this is the new one: headrace worker adopt");
        }
    }

    /** Another worker that lives has the same id. */
    public static final class DuplicateWorker extends MembershipException {
        DuplicateWorker(WorkerId id, Endpoint living, Endpoint refused, Duration patience) {
            super("worker " + id + " is a member at " + living + ", so the one at " + refused
                    + " is refused: give each worker a cache directory of its own. If it is the same worker and it moved,"
                    + " it is taken when the old address has been silent for " + seconds(patience));
        }

        private static String seconds(Duration patience) {
            return patience.toMillis() / 1000.0 + " s";
        }
    }

    /** Another worker that lives serves blocks at the same address. */
    public static final class TakenAddress extends MembershipException {
        TakenAddress(WorkerId id, Endpoint address, WorkerId living) {
            super("worker " + id + " is refused: worker " + living + " is a member at " + address
                    + "; give each worker an address that others reach it by, and that no other has");
        }
    }

    /** There are as many workers as there may be. */
    public static final class ClusterFull extends MembershipException {
        ClusterFull(WorkerId id, int most) {
            super("worker " + id + " is refused: the cluster has " + most
                    + " workers, as many as cluster.most-workers allows");
        }
    }

    /** No worker has this id, or not in this process. */
    public static final class UnknownWorker extends MembershipException {
        UnknownWorker(WorkerId id) {
            super("worker " + id + " is no member of this cluster");
        }
    }
}
