package io.headrace.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.StreamObserver;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.WorkerCodec;
import io.headrace.protocol.v1.RegisterReply;
import io.headrace.protocol.v1.RegisterRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterIT {
    @TempDir
    Path directory;

    @Test
    void a_view_is_on_disk_before_it_is_shown_and_outlives_a_restart() throws Exception {
        String id;
        ClusterView shown;
        try (Cluster cluster = open()) {
            id = cluster.clusterId();
            register(cluster, 1);
            await().until(() -> !cluster.views().current().workers().isEmpty());
            shown = cluster.views().current();
        }
        try (Cluster cluster = open()) {
            assertThat(cluster.clusterId()).isEqualTo(id);
            assertThat(cluster.views().current().epoch()).isGreaterThanOrEqualTo(shown.epoch());
            assertThat(cluster.views().current().worker(SimulatedCluster.id(1))).isPresent();
        }
    }

    @Test
    void a_view_that_cannot_be_saved_is_shown_when_it_can() throws Exception {
        try (Cluster cluster = open()) {
            ClusterView before = cluster.views().current();
            Path inTheWay = Files.createDirectory(home().resolve("membership.new"));
            register(cluster, 1);
            await().during(Duration.ofSeconds(1))
                    .until(() -> cluster.views().current().equals(before));
            Files.delete(inTheWay);
            await().until(() ->
                    cluster.views().current().worker(SimulatedCluster.id(1)).isPresent());
        }
    }

    @Test
    void two_new_clusters_differ_and_the_later_has_later_epochs() throws Exception {
        try (Cluster one = open();
                Cluster other = Cluster.open(directory.resolve("other"), ClusterSettings.defaults())) {
            assertThat(other.clusterId()).isNotEqualTo(one.clusterId());
            assertThat(other.views().current().epoch())
                    .isGreaterThanOrEqualTo(one.views().current().epoch());
        }
    }

    @Test
    void members_and_what_changes_among_them_are_measured() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ClusterSettings hasty =
                new ClusterSettings(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofMinutes(5), 4, 4, 3);
        try (Cluster cluster = Cluster.open(home(), hasty)) {
            cluster.measure(meters);
            register(cluster, 1);
            await().until(() -> members(meters, "suspect") == 1);
            assertThat(members(meters, "active")).isZero();
            register(cluster, 2);
            await().until(() -> members(meters, "suspect") == 2);
            assertThat(meters.get("headrace.cluster.suspicions")
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("headrace.cluster.views").functionCounter().count())
                    .isGreaterThanOrEqualTo(2);
            assertThat(meters.get("headrace.cluster.epoch").gauge().value())
                    .isEqualTo((double) cluster.views().current().epoch());
            assertThat(meters.get("headrace.cluster.watchers").gauge().value()).isZero();
        }
    }

    private static double members(SimpleMeterRegistry meters, String state) {
        return meters.get("headrace.cluster.members")
                .tag("state", state)
                .gauge()
                .value();
    }

    private Path home() {
        return directory.resolve("home");
    }

    private Cluster open() throws Exception {
        return Cluster.open(home(), ClusterSettings.defaults());
    }

    private static void register(Cluster cluster, int number) throws Exception {
        CompletableFuture<RegisterReply> answer = new CompletableFuture<>();
        ((MembershipService) cluster.service())
                .register(
                        RegisterRequest.newBuilder()
                                .setMember(WorkerCodec.encode(SimulatedCluster.worker(number)))
                                .setProcess(number)
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(RegisterReply reply) {
                                answer.complete(reply);
                            }

                            @Override
                            public void onError(Throwable t) {
                                answer.completeExceptionally(t);
                            }

                            @Override
                            public void onCompleted() {}
                        });
        assertThat(answer.get(45, TimeUnit.SECONDS).getClusterId()).isEqualTo(cluster.clusterId());
    }
}
