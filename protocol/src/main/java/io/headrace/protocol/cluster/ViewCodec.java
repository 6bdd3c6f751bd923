package io.headrace.protocol.cluster;

import io.headrace.protocol.v1.EarlierView;
import io.headrace.protocol.v1.Member;
import io.headrace.protocol.v1.ViewUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Views as messages of {@code membership.proto}, and back. A view of a thousand workers is told as the few that changed,
 * and earlier views as what differs in them from the newest: with many watchers the whole of each is too much to send.
 */
public final class ViewCodec {
    /** More than any cluster has; bounds what a message can make of a reader's memory. */
    private static final int MOST_EARLIER = 16;

    private ViewCodec() {}

    /** What changed from one view to another. */
    private record Difference(List<Member> changed, List<String> removedIds) {
        static Difference of(ClusterView from, ClusterView to) {
            Map<WorkerId, Worker> left = byId(from);
            List<Member> changed = new ArrayList<>();
            for (Worker worker : to.workers()) {
                if (!worker.equals(left.remove(worker.id()))) {
                    changed.add(WorkerCodec.encode(worker));
                }
            }
            return new Difference(
                    changed, left.keySet().stream().map(WorkerId::value).toList());
        }

        ClusterView applyTo(ClusterView base, long epoch) throws IOException {
            Map<WorkerId, Worker> workers = byId(base);
            for (Member member : changed) {
                Worker worker = WorkerCodec.decode(member);
                workers.put(worker.id(), worker);
            }
            for (String id : removedIds) {
                workers.remove(id(id));
            }
            return new ClusterView(epoch, List.copyOf(workers.values()));
        }

        private static WorkerId id(String text) throws IOException {
            try {
                return new WorkerId(text);
            } catch (IllegalArgumentException e) {
                throw new IOException("the message is no view: " + e.getMessage(), e);
            }
        }

        private static Map<WorkerId, Worker> byId(ClusterView view) {
            Map<WorkerId, Worker> workers = new TreeMap<>();
            view.workers().forEach(worker -> workers.put(worker.id(), worker));
            return workers;
        }
    }

    /** The views, for one who has none. */
    public static ViewUpdate whole(KnownViews views) {
        return change(ClusterView.NONE, views);
    }

    /** The views, for one who has {@code base}. */
    public static ViewUpdate change(ClusterView base, KnownViews views) {
        Difference difference = Difference.of(base, views.current());
        ViewUpdate.Builder update = ViewUpdate.newBuilder()
                .setEpoch(views.current().epoch())
                .setBaseEpoch(base.epoch())
                .addAllChanged(difference.changed)
                .addAllRemovedIds(difference.removedIds);
        for (ClusterView earlier : views.earlier()) {
            Difference back = Difference.of(views.current(), earlier);
            update.addEarlier(EarlierView.newBuilder()
                    .setEpoch(earlier.epoch())
                    .addAllChanged(back.changed)
                    .addAllRemovedIds(back.removedIds));
        }
        return update.build();
    }

    /**
     * The views of a message.
     *
     * @param known the view that the reader has
     * @throws IOException when the message is no view, or a change of another view than {@code known}
     */
    public static KnownViews decode(ViewUpdate update, ClusterView known) throws IOException {
        boolean whole = update.getBaseEpoch() == ClusterView.NONE.epoch();
        if (!whole && update.getBaseEpoch() != known.epoch()) {
            throw new IOException("the message changes the view of epoch " + update.getBaseEpoch()
                    + ", and the one known here has epoch " + known.epoch());
        }
        if (update.getEarlierCount() > MOST_EARLIER) {
            throw new IOException("the message has " + update.getEarlierCount() + " earlier views");
        }
        ClusterView current = new Difference(update.getChangedList(), update.getRemovedIdsList())
                .applyTo(whole ? ClusterView.NONE : known, update.getEpoch());
        List<ClusterView> earlier = new ArrayList<>();
        for (EarlierView view : update.getEarlierList()) {
            earlier.add(
                    new Difference(view.getChangedList(), view.getRemovedIdsList()).applyTo(current, view.getEpoch()));
        }
        return new KnownViews(current, earlier);
    }
}
