package io.headrace.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.headrace.client.cluster.ScriptedMaster.Watch;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.testing.fault.FullBacklog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A master that stands by takes no connections, so for a client it is as one that is gone. */
final class SeveralMastersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final KnownViews first = KnownViews.NONE.next(new ClusterView(10, List.of()), 3);
    private final KnownViews second = first.next(new ClusterView(11, List.of()), 3);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void views_are_followed_from_master_to_master_and_back() throws Exception {
        int standby = freePort();
        ScriptedMaster leader = master(0);
        int before = leader.port();
        WatchedViews views = follow(here(before), here(standby));
        leader.nextWatch().tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();

        leader.close();
        leader = master(standby);
        Watch watch = leader.nextWatch();
        assertThat(watch.knownEpoch()).isEqualTo(10);
        watch.tell(ViewCodec.change(first.current(), second));
        await().atMost(PATIENCE).until(() -> views.current().epoch() == 11 && views.isConnected());

        leader.close();
        assertThat(master(before).nextWatch().knownEpoch()).isEqualTo(11);
    }

    @Test
    void a_host_that_takes_no_connection_is_passed_over() throws Exception {
        FullBacklog silent = FullBacklog.start();
        opened.add(silent);
        ScriptedMaster leader = master(0);
        WatchedViews views = follow(here(silent.port()), here(leader.port()));
        leader.nextWatch().tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
    }

    @Test
    void a_name_that_nobody_knows_is_passed_over() throws Exception {
        ScriptedMaster leader = master(0);
        WatchedViews views = follow(new Endpoint("no-such-host.invalid", 7300), here(leader.port()));
        leader.nextWatch().tell(ViewCodec.whole(first));
        assertThat(views.awaitFirst(PATIENCE)).isTrue();
    }

    @Test
    void says_which_names_are_not_known_when_none_is() {
        ManagedChannel channel = channel(new Endpoint("no-such-host.invalid", 7300));
        assertThatThrownBy(() -> MembershipGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .listWorkers(ListWorkersRequest.getDefaultInstance()))
                .satisfies(failure -> assertThat(MasterTrouble.why(failure))
                        .contains("UNAVAILABLE")
                        .contains("no such host is known here: [no-such-host.invalid]"));
    }

    @Test
    void messages_name_the_masters_as_they_were_given() {
        assertThat(channel(here(1), new Endpoint("::1", 2), new Endpoint("m-2.example", 3))
                        .authority())
                .isEqualTo("127.0.0.1:1,[::1]:2,m-2.example:3");
    }

    private ScriptedMaster master(int port) throws IOException {
        ScriptedMaster master = new ScriptedMaster(port);
        opened.add(master);
        return master;
    }

    private WatchedViews follow(Endpoint... masters) {
        WatchedViews views = WatchedViews.start(channel(masters), new Random(5));
        opened.add(views);
        return views;
    }

    private ManagedChannel channel(Endpoint... masters) {
        ManagedChannel channel = MasterChannel.open(MasterEndpoints.of(masters), MasterAccess.open());
        opened.add(channel::shutdownNow);
        return channel;
    }

    private static Endpoint here(int port) {
        return new Endpoint("127.0.0.1", port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
