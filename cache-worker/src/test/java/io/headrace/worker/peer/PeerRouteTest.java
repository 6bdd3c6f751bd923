package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.serve.CountedOrigin;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PeerRouteTest {
    private static final FileVersion FILE = CountedOrigin.version("model", 1000);
    private static final Worker SELF = worker("w1", "h1", "a", WorkerState.ACTIVE);
    private static final Worker FAR = worker("w2", "h2", "b", WorkerState.ACTIVE);
    private static final Worker SAME_ZONE = worker("w3", "h3", "a", WorkerState.ACTIVE);
    private static final Worker SAME_HOST = worker("w4", "h1", "a", WorkerState.ACTIVE);
    private static final Worker LEAVING = worker("w5", "h1", "a", WorkerState.DRAINING);

    @Test
    void of_the_owners_of_now_the_nearest_is_asked_first() {
        SetViews views = new SetViews(SELF, FAR, SAME_ZONE, SAME_HOST);
        assertThat(asked(views, 4)).containsExactly(SAME_HOST, SAME_ZONE, FAR);
    }

    @Test
    void who_may_own_it_now_comes_before_a_nearer_one_that_leaves_and_before_one_that_owned_it() {
        SetViews views = new SetViews(SELF, SAME_HOST);
        views.become(SELF, FAR, SAME_HOST, LEAVING);
        assertThat(asked(views, 2)).containsExactly(FAR, LEAVING, SAME_HOST);
    }

    @Test
    void one_that_is_no_member_yet_has_no_place() {
        assertThat(asked(new SetViews(FAR, SAME_ZONE, SAME_HOST), 3)).containsExactly(FAR, SAME_ZONE, SAME_HOST);
    }

    private static List<Worker> asked(SetViews views, int replicas) {
        Neighbourhood neighbourhood = new Neighbourhood(SELF.id(), views, SetViews.ROUND, replicas);
        List<Stop> stops = new PeerRoute(neighbourhood).stops(FILE, 0);
        assertThat(stops).allMatch(stop -> stop.reach() == Reach.CACHED);
        return stops.stream().map(Stop::worker).toList();
    }

    private static Worker worker(String id, String host, String zone, WorkerState state) {
        return new Worker(
                new WorkerId(id),
                new Endpoint(host, 7301),
                new Topology(host, Optional.of(zone), Optional.of("r")),
                1,
                state);
    }
}
