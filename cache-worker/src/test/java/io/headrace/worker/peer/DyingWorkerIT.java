package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.testing.ChildJvm;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that is a process dies or stops while a client reads from it. */
final class DyingWorkerIT {
    private static final FileVersion FILE = CountedOrigin.version("model", 40 << 20);

    @TempDir
    Path directory;

    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);

    @AfterEach
    void stop() {
        connections.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void a_reader_goes_on_with_the_replica_after_a_signal_of(String signal) throws Exception {
        Process dying = child();
        try (TestWorker replica = TestWorker.start("w2", directory, new CountedOrigin())) {
            SetViews views = new SetViews(TestWorker.workerAt("w1", port(dying)), replica.worker());
            ClusterSource source =
                    new ClusterSource(new Cluster(views, SetViews.ROUND, 2), connections, Optional.empty());
            boolean[] sent = new boolean[1];
            SourceReads.readChecked(source, FILE, FILE.wholeFile(), 64 << 10, position -> {
                if (position >= FILE.lengthBytes() / 2 && !sent[0]) {
                    sent[0] = true;
                    send(signal, dying);
                }
            });
            assertThat(sent[0]).isTrue();
            SourceReads.readChecked(source, FILE, FILE.wholeFile());
            assertThat(replica.openedFiles()).isPositive();
        } finally {
            dying.destroyForcibly().waitFor(45, TimeUnit.SECONDS);
        }
    }

    private Process child() throws IOException {
        return new ProcessBuilder(ChildJvm.command(
                        WorkerChild.class, "w1", directory.resolve("child").toString()))
                .redirectError(directory.resolve("child.log").toFile())
                .start();
    }

    private static int port(Process child) throws IOException {
        BufferedReader said = child.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("port ")) {
                return Integer.parseInt(line.substring("port ".length()));
            }
        }
        throw new IOException("the worker's process said no port");
    }

    private static void send(String signal, Process process) throws IOException {
        try {
            Process kill = new ProcessBuilder(List.of("kill", "-" + signal, Long.toString(process.pid()))).start();
            assertThat(kill.waitFor(45, TimeUnit.SECONDS)).isTrue();
            assertThat(kill.exitValue()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
