package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KnownViewsTest {
    private final ClusterView one = ViewSamples.view(1, ViewSamples.worker(1));
    private final ClusterView two = ViewSamples.view(2, ViewSamples.worker(1), ViewSamples.worker(2));
    private final ClusterView three =
            ViewSamples.view(3, ViewSamples.worker(1), ViewSamples.worker(2), ViewSamples.worker(3));

    @Test
    void remembers_the_views_in_which_others_owned_blocks_the_newest_first() {
        KnownViews views = KnownViews.NONE.next(one, 3).next(two, 3).next(three, 3);
        assertThat(views).isEqualTo(new KnownViews(three, List.of(two, one)));
    }

    @Test
    void forgets_the_oldest() {
        assertThat(KnownViews.NONE.next(one, 1).next(two, 1).next(three, 1).earlier())
                .containsExactly(two);
    }

    @Test
    void a_change_that_moves_no_block_leaves_no_earlier_view() {
        ClusterView suspect = ViewSamples.view(2, ViewSamples.worker(1, WorkerState.SUSPECT));
        assertThat(KnownViews.NONE.next(one, 3).next(suspect, 3).earlier()).isEmpty();
    }

    @Test
    void a_worker_that_drains_owned_its_blocks_in_the_earlier_view() {
        ClusterView draining = ViewSamples.view(3, ViewSamples.worker(1), ViewSamples.worker(2, WorkerState.DRAINING));
        assertThat(KnownViews.NONE.next(two, 3).next(draining, 3).earlier()).containsExactly(two);
    }

    @Test
    void a_view_whose_owners_are_back_is_none_of_the_earlier_ones() {
        ClusterView again = ViewSamples.view(4, ViewSamples.worker(1), ViewSamples.worker(2));
        assertThat(KnownViews.NONE.next(two, 3).next(one, 3).next(again, 3).earlier())
                .containsExactly(one);
    }
}
