package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.v1.ViewUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Checks the order of what it is told; one who follows computes the view too, as a client does. */
final class SimulatedWatcher implements ViewWatchers.Listener {
    private final boolean follows;
    private boolean ready = true;
    private KnownViews known = KnownViews.NONE;
    private long epoch;
    private long messages;
    private long bytes;

    SimulatedWatcher(boolean follows) {
        this.follows = follows;
    }

    void setReady(boolean now) {
        ready = now;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(ViewUpdate update) {
        boolean fits = update.getBaseEpoch() == ClusterView.NONE.epoch() || update.getBaseEpoch() == epoch;
        if (!fits || update.getEpoch() <= epoch) {
            throw new AssertionError("has epoch " + epoch + " and is told " + update.getEpoch() + " as a change of "
                    + update.getBaseEpoch());
        }
        epoch = update.getEpoch();
        messages++;
        bytes += update.getSerializedSize();
        if (follows) {
            try {
                known = ViewCodec.decode(update, known.current());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    KnownViews known() {
        return known;
    }

    long epoch() {
        return epoch;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }
}
