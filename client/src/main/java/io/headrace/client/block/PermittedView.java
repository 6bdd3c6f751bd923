package io.headrace.client.block;

import io.headrace.protocol.cluster.ClusterView;

/**
 * The part of a view that a client may ask. The same object for the same view, since placement keeps what it computes from
 * one. Thread-safe.
 */
final class PermittedView {
    private final Standpoint standpoint;
    private volatile Part last = new Part(ClusterView.NONE, ClusterView.NONE);

    private record Part(ClusterView of, ClusterView permitted) {}

    PermittedView(Standpoint standpoint) {
        this.standpoint = standpoint;
    }

    // An equal view that is another object only costs the part anew; comparing all its workers would cost each call.
    @SuppressWarnings("ReferenceEquality")
    ClusterView of(ClusterView view) {
        if (!standpoint.affinity().isStrong()) {
            return view;
        }
        Part known = last;
        if (known.of() != view) {
            known = new Part(
                    view,
                    new ClusterView(
                            view.epoch(),
                            view.workers().stream()
                                    .filter(worker -> standpoint.affinity().permits(standpoint.to(worker)))
                                    .toList()));
            last = known;
        }
        return known.permitted();
    }
}
