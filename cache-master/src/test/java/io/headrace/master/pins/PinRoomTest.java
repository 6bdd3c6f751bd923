package io.headrace.master.pins;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of two workers with 100 bytes each and one with 100 that drains; each path has 60 bytes. */
final class PinRoomTest {
    private static final ClusterView VIEW = new ClusterView(
            1,
            List.of(
                    worker("w1", WorkerState.ACTIVE),
                    worker("w2", WorkerState.SUSPECT),
                    worker("w3", WorkerState.DRAINING)));

    @Test
    void copies_that_fit_are_taken() {
        assertThatCode(() -> room(VIEW, Map.of()).require(pins("a", 2, "b", 1))).doesNotThrowAnyException();
    }

    @Test
    void copies_beyond_what_workers_keep_are_refused_with_both_figures() {
        assertThatThrownBy(() -> room(VIEW, Map.of()).require(pins("a", 2, "b", 2)))
                .isInstanceOf(NoRoomException.class)
                .hasMessageContaining("240 bytes")
                .hasMessageContaining("2 workers keep 200");
    }

    @Test
    void there_are_no_more_copies_than_workers() {
        assertThatCode(() -> room(VIEW, Map.of()).require(pins("a", 16, "b", 1)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_path_below_another_counts_with_it_unless_it_has_more_copies() {
        assertThatCode(() -> room(VIEW, Map.of()).require(pins("a", 2, "a/x", 2)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> room(VIEW, Map.of()).require(pins("a", 2, "ax", 2)))
                .isInstanceOf(NoRoomException.class);
        assertThatThrownBy(() -> room(VIEW, Map.of())
                        .require(Stream.of(pins("a", 1, "a/x", 2), pins("b", 1))
                                .flatMap(List::stream)
                                .toList()))
                .isInstanceOf(NoRoomException.class);
    }

    @Test
    void copies_beyond_a_data_sets_quota_are_refused_with_its_name() {
        Map<String, Long> quotas = Map.of("a", 100L, "b", 1L);
        assertThatCode(() -> room(VIEW, quotas).require(pins("a/x", 1, "c", 1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> room(VIEW, quotas).require(pins("a/x", 2)))
                .isInstanceOf(NoRoomException.class)
                .hasMessageContaining("data set a ")
                .hasMessageContaining("120 bytes")
                .hasMessageContaining("quota is 100");
    }

    @Test
    void without_workers_nobody_knows_what_fits() {
        assertThatCode(() -> room(ClusterView.NONE, Map.of()).require(pins("a", 16)))
                .doesNotThrowAnyException();
    }

    private static PinRoom room(ClusterView view, Map<String, Long> quotas) {
        return new PinRoom(path -> 60, new KnownViews(view, List.of()), () -> quotas);
    }

    private static List<Pin> pins(String path, int replicas) {
        return List.of(Pin.newBuilder().setPath(path).setReplicas(replicas).build());
    }

    private static List<Pin> pins(String path, int replicas, String other, int replicasOfOther) {
        return List.of(
                Pin.newBuilder().setPath(path).setReplicas(replicas).build(),
                Pin.newBuilder().setPath(other).setReplicas(replicasOfOther).build());
    }

    private static Worker worker(String name, WorkerState state) {
        return new Worker(
                new WorkerId(name),
                new Endpoint("127.0.0.1", 1),
                new Topology(name, Optional.empty(), Optional.empty()),
                100,
                state);
    }
}
