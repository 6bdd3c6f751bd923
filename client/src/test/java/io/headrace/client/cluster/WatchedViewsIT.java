package io.headrace.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.headrace.client.cluster.ScriptedMaster.Watch;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.ViewUpdate;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WatchedViewsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final KnownViews first = KnownViews.NONE.next(view(10, 2), 3);
    private final KnownViews second = first.next(view(11, 3), 3);

    private ScriptedMaster master;
    private ManagedChannel channel;
    private WatchedViews views;

    @BeforeEach
    void start() throws Exception {
        master = new ScriptedMaster(0);
        channel = MasterChannel.open(new Endpoint("127.0.0.1", master.port()), InsecureChannelCredentials.create());
        views = WatchedViews.start(channel, new Random(4));
    }

    @AfterEach
    void stop() throws Exception {
        views.close();
        channel.shutdownNow();
        master.close();
    }

    @Test
    void has_no_view_before_the_first_and_then_each_that_is_told() throws Exception {
        assertThat(views.current()).isEqualTo(ClusterView.NONE);
        assertThat(views.awaitFirst(Duration.ZERO)).isFalse();
        Watch watch = master.nextWatch();
        assertThat(watch.knownEpoch()).isZero();
        watch.tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
        assertThat(views.current()).isEqualTo(first.current());
        assertThat(views.isConnected()).isTrue();
        watch.tell(ViewCodec.change(first.current(), second));
        await().until(() -> views.current().equals(second.current()));
        assertThat(views.earlier()).containsExactly(first.current());
    }

    @Test
    void keeps_the_views_while_the_master_is_away_and_follows_when_it_is_back() throws Exception {
        master.nextWatch().tell(ViewCodec.whole(second));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
        int port = master.port();
        master.close();
        await().until(() -> !views.isConnected());
        assertThat(views.current()).isEqualTo(second.current());
        assertThat(views.earlier()).containsExactly(first.current());
        master = new ScriptedMaster(port);
        Watch watch = master.nextWatch();
        assertThat(watch.knownEpoch()).isEqualTo(11);
        watch.tell(ViewCodec.change(second.current(), second.next(view(12, 1), 3)));
        await().until(() -> views.current().epoch() == 12);
        assertThat(views.isConnected()).isTrue();
    }

    @Test
    void an_older_view_than_is_known_is_not_taken() throws Exception {
        Watch watch = master.nextWatch();
        watch.tell(ViewCodec.whole(second));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
        watch.tell(ViewCodec.whole(first));
        await().until(() -> !views.isConnected());
        assertThat(views.current()).isEqualTo(second.current());
        master.nextWatch().tell(ViewCodec.whole(second));
        await().until(views::isConnected);
    }

    @Test
    void what_is_no_view_ends_the_stream_and_another_is_asked_for() throws Exception {
        Watch watch = master.nextWatch();
        watch.tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
        watch.tell(ViewUpdate.newBuilder().setEpoch(99).setBaseEpoch(98).build());
        Watch next = master.nextWatch();
        assertThat(next.knownEpoch()).isEqualTo(10);
        next.tell(ViewCodec.whole(second));
        await().until(() -> views.current().equals(second.current()));
        await().until(watch::isCancelled);
    }

    @Test
    void a_watcher_that_was_refused_asks_again() throws Exception {
        master.nextWatch().reply().onError(Status.RESOURCE_EXHAUSTED.asException());
        master.nextWatch().reply().onCompleted();
        master.nextWatch().tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
    }

    @Test
    void closing_ends_the_stream_and_the_views_stay() throws Exception {
        Watch watch = master.nextWatch();
        watch.tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
        views.close();
        await().until(watch::isCancelled);
        assertThat(views.isConnected()).isFalse();
        assertThat(views.current()).isEqualTo(first.current());
    }

    private static ClusterView view(long epoch, int workers) {
        return new ClusterView(
                epoch,
                IntStream.range(0, workers).mapToObj(WatchedViewsIT::worker).toList());
    }

    private static Worker worker(int number) {
        return new Worker(
                new WorkerId("worker-" + number),
                new Endpoint("10.0.0.1", 7000 + number),
                new Topology("host-" + number, Optional.empty(), Optional.empty()),
                1 << 30,
                WorkerState.ACTIVE);
    }
}
