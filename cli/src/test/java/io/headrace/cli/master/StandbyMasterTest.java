package io.headrace.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.cli.settings.Settings;
import io.headrace.master.lead.LedByAnotherException;
import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both masters are in this process; the lock is a process's as well as the machine's. */
final class StandbyMasterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch askedToEnd = new CountDownLatch(1);
    private Settings settings;
    private MasterNode leader;

    @BeforeEach
    void startLeader() throws IOException {
        leader = MasterNode.start(settings(), FaultPoints.NONE);
        settings = settings();
    }

    @AfterEach
    void stop() throws IOException {
        leader.close();
        http.close();
    }

    @Test
    void leads_when_the_other_ends_and_says_so() throws Exception {
        StandbyMaster standby = StandbyMaster.start(settings, FaultPoints.NONE, askedToEnd::countDown);
        try {
            await().atMost(PATIENCE).until(() -> get("/readyz").equals("503 STANDBY\n"));
            assertThat(get("/livez")).isEqualTo("200 alive\n");
            assertThat(get("/metrics")).contains("headrace_master_leading 0.0");
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);

            leader.close();
            await().atMost(PATIENCE).until(() -> get("/readyz").equals("200 READY\n"));
            assertThat(get("/metrics")).contains("headrace_master_leading 1.0");
            connect();
        } finally {
            standby.close();
        }
        assertThat(askedToEnd.getCount()).isOne();
        MasterNode.start(settings, FaultPoints.NONE).close();
    }

    @Test
    void leads_at_once_where_nobody_does() throws Exception {
        leader.close();
        try (StandbyMaster _ = StandbyMaster.start(settings, FaultPoints.NONE, askedToEnd::countDown)) {
            await().atMost(PATIENCE).until(() -> get("/readyz").equals("200 READY\n"));
        }
    }

    @Test
    void one_that_does_not_stand_by_is_told_who_leads() {
        assertThatThrownBy(() -> MasterNode.start(settings, FaultPoints.NONE))
                .isInstanceOf(LedByAnotherException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("--standby");
    }

    @Test
    void ends_when_it_is_told_to_while_it_waits() throws Exception {
        StandbyMaster standby = StandbyMaster.start(settings, FaultPoints.NONE, askedToEnd::countDown);
        await().atMost(PATIENCE).until(() -> get("/readyz").equals("503 STANDBY\n"));
        standby.close();
        assertThatThrownBy(() -> get("/readyz")).isInstanceOf(IOException.class);
    }

    @Test
    void one_that_cannot_lead_ends_and_says_why() throws Exception {
        StandbyMaster standby = StandbyMaster.start(settings, FaultPoints.NONE, askedToEnd::countDown);
        await().atMost(PATIENCE).until(() -> get("/readyz").equals("503 STANDBY\n"));
        Files.writeString(settings.master().directory().resolve("data-sets"), "x");
        leader.close();
        assertThat(askedToEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(standby::close).isInstanceOf(IOException.class).hasMessageContaining("data-sets");
    }

    @Test
    void one_that_could_never_listen_is_told_at_its_start() throws IOException {
        try (ServerSocket _ =
                new ServerSocket(settings.master().listen().port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> StandbyMaster.start(settings, FaultPoints.NONE, askedToEnd::countDown))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(settings.master().listen().toString());
        }
    }

    private void connect() throws IOException {
        new Socket(settings.master().listen().host(), settings.master().listen().port()).close();
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(
                                URI.create("http://" + settings.master().http().orElseThrow() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private Settings settings() throws IOException {
        return Settings.read(List.of(), Map.of())
                .withAll(Map.of(
                        "master.directory",
                        folder.toString(),
                        "master.listen",
                        freeEndpoint(),
                        "master.http",
                        freeEndpoint()));
    }

    private static String freeEndpoint() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }
}
