package io.headrace.master.cluster;

import static io.headrace.master.cluster.SimulatedCluster.id;
import static io.headrace.master.cluster.SimulatedCluster.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.master.cluster.MembershipException.ClusterFull;
import io.headrace.master.cluster.MembershipException.DuplicateWorker;
import io.headrace.master.cluster.MembershipException.ForeignCluster;
import io.headrace.master.cluster.MembershipException.TakenAddress;
import io.headrace.master.cluster.MembershipException.UnknownWorker;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MembershipTest {
    private final SimulatedCluster cluster = new SimulatedCluster();

    @Test
    void all_who_joined_between_two_looks_are_in_one_view() throws Exception {
        long epoch = cluster.view().epoch();
        cluster.join(1);
        cluster.join(2);
        cluster.look();
        assertThat(cluster.view()).isEqualTo(new ClusterView(epoch + 1, List.of(worker(1), worker(2))));
    }

    @Test
    void nothing_new_makes_no_new_view() throws Exception {
        cluster.join(1);
        cluster.look();
        ClusterView before = cluster.view();
        cluster.pass(Duration.ofSeconds(10), 1);
        assertThat(cluster.view()).isSameAs(before);
    }

    @Test
    void a_silent_worker_is_suspect_then_gone() throws Exception {
        cluster.join(1);
        cluster.join(2);
        cluster.pass(Duration.ofSeconds(5), 1, 2);
        cluster.pass(Duration.ofSeconds(1), 1);
        assertThat(cluster.states()).containsEntry(id(2), WorkerState.ACTIVE);
        cluster.pass(Duration.ofSeconds(1), 1);
        assertThat(cluster.states()).isEqualTo(Map.of(id(1), WorkerState.ACTIVE, id(2), WorkerState.SUSPECT));
        cluster.pass(Duration.ofSeconds(55), 1);
        assertThat(cluster.states()).containsEntry(id(2), WorkerState.SUSPECT);
        cluster.pass(Duration.ofSeconds(2), 1);
        assertThat(cluster.states()).isEqualTo(Map.of(id(1), WorkerState.ACTIVE));
        assertThatThrownBy(() -> cluster.beat(2)).isInstanceOf(UnknownWorker.class);
    }

    @Test
    void a_suspect_worker_that_is_heard_of_is_active_again_and_no_block_moved() throws Exception {
        cluster.join(1);
        cluster.pass(Duration.ofSeconds(5));
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.SUSPECT);
        cluster.beat(1);
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.ACTIVE);
        assertThat(cluster.membership().earlier()).isEmpty();
    }

    @Test
    void a_master_that_stood_still_does_not_blame_its_workers() throws Exception {
        cluster.join(1);
        cluster.look();
        ClusterView before = cluster.view();
        cluster.stall(Duration.ofMinutes(10));
        cluster.look();
        cluster.pass(Duration.ofSeconds(10), 1);
        assertThat(cluster.view()).isSameAs(before);
    }

    @Test
    void a_clock_set_back_removes_and_keeps_nobody() throws Exception {
        cluster.join(1);
        cluster.join(2);
        cluster.look();
        cluster.stall(Duration.ofHours(-3));
        cluster.pass(Duration.ofSeconds(61), 1);
        assertThat(cluster.states()).isEqualTo(Map.of(id(1), WorkerState.ACTIVE));
    }

    @Test
    void a_worker_asked_to_drain_owns_nothing_until_it_leaves_though_it_starts_again() throws Exception {
        cluster.join(1);
        cluster.look();
        cluster.membership().drain(id(1));
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.DRAINING);
        assertThat(cluster.membership().heartbeat(id(1), 1, false, List.of())).isTrue();
        cluster.membership().register(worker(1), 2, Optional.of("here"));
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.DRAINING);
        cluster.membership().leave(id(1), 2);
        cluster.join(1);
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.ACTIVE);
    }

    @Test
    void a_worker_that_drained_by_itself_and_starts_again_owns_blocks() throws Exception {
        cluster.membership().register(worker(1, "a", WorkerState.ACTIVE), 1, Optional.empty());
        cluster.membership().heartbeat(id(1), 1, true, List.of());
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.DRAINING);
        cluster.membership().register(worker(1, "a", WorkerState.ACTIVE), 2, Optional.empty());
        cluster.look();
        assertThat(cluster.states()).containsEntry(id(1), WorkerState.ACTIVE);
    }

    @Test
    void a_worker_that_left_is_gone_at_the_next_look_and_remembered_as_an_earlier_owner() throws Exception {
        cluster.join(1);
        cluster.join(2);
        cluster.look();
        ClusterView before = cluster.view();
        cluster.membership().leave(id(2), 2);
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(worker(1));
        assertThat(cluster.membership().earlier()).containsExactly(before);
    }

    @Test
    void an_earlier_process_of_a_worker_can_neither_beat_nor_leave_for_it() throws Exception {
        cluster.join(1);
        cluster.membership().register(worker(1), 77, Optional.of("here"));
        assertThatThrownBy(() -> cluster.beat(1)).isInstanceOf(UnknownWorker.class);
        cluster.membership().leave(id(1), 1);
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(worker(1));
    }

    @Test
    void a_second_worker_with_an_id_is_refused_while_the_first_lives() throws Exception {
        cluster.join(1);
        cluster.pass(Duration.ofSeconds(10), 1);
        Worker second = worker(1, "elsewhere", WorkerState.ACTIVE);
        assertThatThrownBy(() -> cluster.membership().register(second, 9, Optional.empty()))
                .isInstanceOf(DuplicateWorker.class)
                .hasMessageContaining("worker-1 is a member at 10.0.0.1:7000")
                .hasMessageContaining("elsewhere:7000 is refused")
                .hasMessageContaining("3.0 s");
        cluster.beat(1);
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(worker(1));
    }

    @Test
    void a_worker_that_moved_is_taken_when_its_old_address_fell_silent() throws Exception {
        cluster.join(1);
        cluster.pass(Duration.ofSeconds(4));
        Worker moved = worker(1, "elsewhere", WorkerState.ACTIVE);
        cluster.membership().register(moved, 9, Optional.of("here"));
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(moved);
        assertThatThrownBy(() -> cluster.beat(1)).isInstanceOf(UnknownWorker.class);
    }

    @Test
    void the_same_process_may_change_its_address_at_once() throws Exception {
        cluster.join(1);
        Worker moved = worker(1, "elsewhere", WorkerState.ACTIVE);
        cluster.membership().register(moved, 1, Optional.of("here"));
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(moved);
    }

    @Test
    void an_address_of_a_living_worker_is_refused_to_another() throws Exception {
        cluster.join(1);
        cluster.pass(Duration.ofSeconds(5), 1);
        Worker other = worker(2, "10.0.0.1", WorkerState.ACTIVE);
        assertThatThrownBy(() -> cluster.membership().register(other, 9, Optional.empty()))
                .isInstanceOf(TakenAddress.class)
                .hasMessageContaining("worker-1 is a member at 10.0.0.1:7000");
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(worker(1));
    }

    @Test
    void a_worker_with_a_new_disk_takes_the_place_of_the_silent_one_at_its_address() throws Exception {
        cluster.join(1);
        cluster.pass(Duration.ofSeconds(4));
        Worker other = worker(2, "10.0.0.1", WorkerState.ACTIVE);
        cluster.membership().register(other, 9, Optional.empty());
        cluster.look();
        assertThat(cluster.view().workers()).containsExactly(other);
    }

    @Test
    void a_worker_of_another_cluster_is_refused() {
        assertThatThrownBy(() -> cluster.membership().register(worker(1), 1, Optional.of("there")))
                .isInstanceOf(ForeignCluster.class)
                .hasMessageContaining("worker-1 belongs to cluster there")
                .hasMessageContaining("this master serves cluster here")
                .hasMessageContaining("empty cache directory");
        cluster.look();
        assertThat(cluster.view().workers()).isEmpty();
    }

    @Test
    void one_more_worker_than_allowed_is_refused_and_those_there_may_register_again() throws Exception {
        ClusterSettings two =
                new ClusterSettings(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60), 2, 10, 3);
        SimulatedCluster small = new SimulatedCluster(two, new SavedState("here", KnownViews.NONE, Set.of()));
        small.join(1);
        small.join(2);
        assertThatThrownBy(() -> small.join(3))
                .isInstanceOf(ClusterFull.class)
                .hasMessageContaining("cluster.most-workers");
        small.join(2);
    }

    @Test
    void after_a_restart_the_members_are_suspect_until_heard_of_and_epochs_go_on() throws Exception {
        cluster.join(1);
        cluster.join(2);
        cluster.look();
        cluster.membership().drain(id(2));
        cluster.look();
        SimulatedCluster after = cluster.restarted();
        assertThat(after.view()).isEqualTo(cluster.view());
        after.look();
        assertThat(after.states()).isEqualTo(Map.of(id(1), WorkerState.SUSPECT, id(2), WorkerState.DRAINING));
        assertThat(after.view().epoch()).isGreaterThan(cluster.view().epoch());
        assertThatThrownBy(() -> after.beat(1)).isInstanceOf(UnknownWorker.class);
        after.join(1);
        after.join(2);
        after.look();
        assertThat(after.states()).isEqualTo(Map.of(id(1), WorkerState.ACTIVE, id(2), WorkerState.DRAINING));
    }

    @Test
    void after_a_restart_members_that_stay_silent_are_removed_in_their_time() throws Exception {
        cluster.join(1);
        cluster.look();
        SimulatedCluster after = cluster.restarted();
        after.pass(Duration.ofSeconds(59));
        assertThat(after.states()).containsEntry(id(1), WorkerState.SUSPECT);
        after.pass(Duration.ofSeconds(2));
        assertThat(after.view().workers()).isEmpty();
    }

    @Test
    void a_view_that_was_not_published_is_offered_again() throws Exception {
        cluster.join(1);
        Membership membership = cluster.membership();
        SavedState notSaved = membership.advance().orElseThrow();
        assertThat(membership.current().workers()).isEmpty();
        assertThat(membership.advance()).contains(notSaved);
        cluster.join(2);
        SavedState later = membership.advance().orElseThrow();
        assertThat(later.epoch()).isGreaterThan(notSaved.epoch());
        assertThat(later.views().current().workers()).containsExactly(worker(1), worker(2));
    }

    @Test
    void the_report_has_what_the_tiers_hold_and_how_long_a_worker_was_silent() throws Exception {
        cluster.join(1);
        cluster.beat(1);
        cluster.pass(Duration.ofMillis(700));
        assertThat(cluster.membership().report()).singleElement().satisfies(report -> {
            assertThat(report.silence()).isEqualTo(Duration.ofMillis(700));
            assertThat(report.tiers()).containsExactly(new TierUsage("disk", 1 << 20, 1 << 10));
            assertThat(report.drainWanted()).isFalse();
        });
    }
}
