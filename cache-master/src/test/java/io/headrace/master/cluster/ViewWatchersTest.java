package io.headrace.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.master.cluster.ViewWatchers.TooManyWatchersException;
import io.headrace.master.cluster.ViewWatchers.Watcher;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.v1.ViewUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ViewWatchersTest {
    private KnownViews views = KnownViews.NONE.next(view(1), 3);
    private final ViewWatchers watchers = new ViewWatchers(2, views);

    /** Takes messages while it is ready. */
    private static final class Reader implements ViewWatchers.Listener {
        private final List<ViewUpdate> got = new ArrayList<>();
        private boolean ready = true;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(ViewUpdate update) {
            got.add(update);
        }
    }

    @Test
    void a_watcher_is_told_the_view_of_now_and_then_what_changes() throws Exception {
        Reader reader = new Reader();
        watchers.add(reader, 0);
        publish(2);
        assertThat(reader.got)
                .containsExactly(ViewCodec.whole(KnownViews.NONE.next(view(1), 3)), ViewCodec.change(view(1), views));
        assertThat(follow(reader)).isEqualTo(views);
    }

    @Test
    void a_watcher_that_comes_back_with_the_newest_view_is_greeted() throws Exception {
        Reader reader = new Reader();
        watchers.add(reader, 1);
        assertThat(reader.got).containsExactly(ViewCodec.change(view(1), views));
        assertThat(reader.got.getFirst().getChangedCount()).isZero();
    }

    @Test
    void a_slow_watcher_gets_the_newest_view_alone() throws Exception {
        Reader reader = new Reader();
        Watcher watcher = watchers.add(reader, 0);
        reader.ready = false;
        for (int epoch = 2; epoch < 50; epoch++) {
            publish(epoch);
        }
        assertThat(reader.got).hasSize(1);
        reader.ready = true;
        watcher.offer();
        watcher.offer();
        assertThat(reader.got).hasSize(2);
        assertThat(follow(reader)).isEqualTo(views);
    }

    @Test
    void a_watcher_whose_view_is_forgotten_or_unknown_is_told_the_whole() throws Exception {
        for (int epoch = 2; epoch < 200; epoch++) {
            publish(epoch);
        }
        Reader forgotten = new Reader();
        watchers.add(forgotten, 3);
        Reader foreign = new Reader();
        watchers.add(foreign, 5_000_000);
        assertThat(forgotten.got).containsExactly(ViewCodec.whole(views));
        assertThat(foreign.got).containsExactly(ViewCodec.whole(views));
    }

    @Test
    void watchers_with_the_same_view_share_one_message() throws Exception {
        Reader one = new Reader();
        Reader two = new Reader();
        watchers.add(one, 0);
        watchers.add(two, 0);
        publish(2);
        assertThat(one.got.getLast()).isSameAs(two.got.getLast());
    }

    @Test
    void one_watcher_more_than_allowed_is_refused_until_one_goes() throws Exception {
        Watcher first = watchers.add(new Reader(), 0);
        watchers.add(new Reader(), 0);
        assertThatThrownBy(() -> watchers.add(new Reader(), 0))
                .isInstanceOf(TooManyWatchersException.class)
                .hasMessageContaining("2 processes")
                .hasMessageContaining("cluster.most-watchers");
        first.close();
        first.close();
        watchers.add(new Reader(), 0);
        assertThat(watchers.count()).isEqualTo(2);
        assertThatThrownBy(() -> watchers.add(new Reader(), 0)).isInstanceOf(TooManyWatchersException.class);
    }

    @Test
    void a_closed_watcher_is_told_nothing() throws Exception {
        Reader reader = new Reader();
        Watcher watcher = watchers.add(reader, 0);
        watcher.close();
        publish(2);
        watcher.offer();
        assertThat(reader.got).hasSize(1);
    }

    private static KnownViews follow(Reader reader) throws IOException {
        KnownViews known = KnownViews.NONE;
        for (ViewUpdate update : reader.got) {
            known = ViewCodec.decode(update, known.current());
        }
        return known;
    }

    private void publish(int epoch) {
        views = views.next(view(epoch), 3);
        watchers.publish(views);
    }

    private static ClusterView view(int epoch) {
        return new ClusterView(
                epoch,
                IntStream.rangeClosed(1, 1 + epoch % 9)
                        .mapToObj(SimulatedCluster::worker)
                        .toList());
    }
}
