package io.headrace.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MasterServerIT {
    private static final long PATIENCE_SECONDS = 45;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private MasterServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = start(0);
        channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.port(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void says_that_it_serves() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void lists_its_services() throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> questions = ServerReflectionGrpc.newStub(channel)
                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        names.complete(answer.getListServicesResponse().getServiceList().stream()
                                .map(ServiceResponse::getName)
                                .toList());
                    }

                    @Override
                    public void onError(Throwable t) {
                        names.completeExceptionally(t);
                    }

                    @Override
                    public void onCompleted() {}
                });
        questions.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        questions.onCompleted();
        assertThat(names.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .contains("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    }

    @Test
    void a_port_that_is_taken_is_named() {
        int port = server.port();
        assertThatThrownBy(() -> start(port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(Integer.toString(port));
    }

    @Test
    void calls_are_timed_by_method_and_how_they_ended() {
        HealthGrpc.HealthBlockingStub health =
                HealthGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
        var _ = health.check(HealthCheckRequest.getDefaultInstance());
        var _ = health.check(HealthCheckRequest.getDefaultInstance());
        assertThatThrownBy(() -> health.check(
                        HealthCheckRequest.newBuilder().setService("none").build()))
                .hasMessageContaining("NOT_FOUND");
        try (Context.CancellableContext watching = Context.current().withCancellation()) {
            watching.run(() -> {
                Iterator<HealthCheckResponse> states = health.watch(HealthCheckRequest.getDefaultInstance());
                assertThat(states.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            });
        }
        assertCalls("grpc.health.v1.Health/Check", "OK", 2);
        assertCalls("grpc.health.v1.Health/Check", "NOT_FOUND", 1);
        assertCalls("grpc.health.v1.Health/Watch", "CANCELLED", 1);
    }

    private void assertCalls(String method, String status, int count) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> Optional.ofNullable(meters.find("headrace.master.calls")
                                .tags("method", method, "status", status)
                                .timer())
                        .filter(timer -> timer.count() == count)
                        .isPresent());
    }

    private MasterServer start(int port) throws IOException {
        return MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                List.of(),
                List.of(new CallMeters(meters)));
    }
}
