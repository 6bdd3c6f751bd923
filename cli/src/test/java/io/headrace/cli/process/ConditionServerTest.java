package io.headrace.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.cluster.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConditionServerTest {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Condition> condition = new AtomicReference<>(Condition.STARTING);
    private final HttpClient client = HttpClient.newHttpClient();
    private Endpoint endpoint;
    private ConditionServer server;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = new Endpoint("127.0.0.1", free.getLocalPort());
        }
        server = ConditionServer.start(endpoint, meters, condition::get);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void is_alive_from_the_start_and_ready_when_it_says_so() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        condition.set(Condition.READY);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        condition.set(Condition.STOPPING);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("STOPPING\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void shows_its_meters_to_prometheus() throws Exception {
        meters.counter("headrace.block.server.bytes", "status", "ok").increment(7);
        assertThat(get("/metrics").body()).contains("headrace_block_server_bytes_total{status=\"ok\"} 7.0");
    }

    @Test
    void takes_no_other_method_and_has_no_other_page() throws Exception {
        HttpRequest post =
                request("/metrics").POST(HttpRequest.BodyPublishers.noBody()).build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void says_which_endpoint_is_taken() {
        assertThatThrownBy(() -> ConditionServer.start(endpoint, meters, condition::get))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(endpoint.toString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + endpoint + path)).timeout(Duration.ofSeconds(20));
    }
}
