package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One more worker of a cluster, started as a service is: it drains when it is asked to end. */
record ForegroundWorker(Process process, Path log, URI ready) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Ready when this returns. */
    static ForegroundWorker start(StartedCluster cluster, Map<String, String> environment) throws IOException {
        Path folder = cluster.folder();
        String http = freeEndpoint();
        environment.forEach(cluster.headrace()::with);
        Launcher headrace = cluster.headrace().with("HEADRACE_LOG_LEVEL", "INFO");
        Path log = folder.resolve("foreground-worker.log");
        Process process = headrace.begin(
                log,
                "worker",
                "--master",
                cluster.master(),
                "--listen",
                freeEndpoint(),
                "--http",
                http,
                "--cache",
                folder.resolve("foreground-worker") + ":256MiB",
                "--memory=32MiB");
        ForegroundWorker worker = new ForegroundWorker(process, log, URI.create("http://" + http + "/readyz"));
        await().atMost(PATIENCE).until(() -> worker.readiness().equals("READY"));
        return worker;
    }

    private static String freeEndpoint() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    /** What it says of itself; empty while it does not answer. */
    String readiness() throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            String condition = answer.body().strip();
            assertThat(answer.statusCode()).as(condition).isEqualTo(condition.equals("READY") ? 200 : 503);
            return condition;
        } catch (IOException notThere) {
            return "";
        }
    }

    /** SIGTERM. */
    void signal() {
        process.destroy();
    }

    int awaitEnd() throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(said())
                .isTrue();
        return process.exitValue();
    }

    String said() throws IOException {
        return Files.readString(log);
    }
}
