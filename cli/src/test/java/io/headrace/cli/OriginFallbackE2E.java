package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.google.protobuf.util.JsonFormat;
import io.headrace.protocol.v1.NodeStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of a cluster all of whose workers were killed, which may ask the origin, or may not, or are not let in there. */
class OriginFallbackE2E {
    private static final long SEED = 20261126;
    private static final int LENGTH = 9 << 20;
    private static final String OPTION = "--origin-fallback";
    private static final Map<String, byte[]> CONTENT = new LinkedHashMap<>();

    /** Seconds of it would be for the fallback, the rest for a busy machine; less than peer.deadline. */
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private static Path folder;

    private static StartedCluster cluster;
    private static Path allowed;
    private static Path forbidden;
    private static Path stranger;

    @BeforeAll
    static void readAWhileAndKillTheWorkers() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        Random random = new Random(SEED);
        for (String name : List.of("seen", "cold", "hidden", "replaced")) {
            byte[] bytes = new byte[LENGTH];
            random.nextBytes(bytes);
            CONTENT.put(name, bytes);
            cluster.bucket().put(name, bytes);
        }
        cluster.start(2);
        allowed = cluster.mount("allowed", "--read-ahead=off", OPTION);
        cluster.headrace()
                .with("OSS_ACCESS_KEY_SECRET", "not-the-secret")
                .with("HEADRACE_ORIGIN_FALLBACK_ENABLED", "true");
        stranger = cluster.mount("stranger", "--read-ahead=off");
        ServedBucket.identify(cluster.headrace());
        cluster.headrace().without("HEADRACE_ORIGIN_FALLBACK_ENABLED").with("HEADRACE_PEER_DEADLINE", "3s");
        forbidden = cluster.mount("forbidden", "--read-ahead=off");
        cluster.headrace().without("HEADRACE_PEER_DEADLINE");
        for (Path mount : List.of(allowed, stranger, forbidden)) {
            assertThat(mount.resolve("seen")).hasBinaryContent(CONTENT.get("seen"));
        }
        assertThat(bytesPastTheWorkers(allowed)).isZero();
        cluster.kill("worker-1");
        cluster.kill("worker-2");
    }

    @AfterAll
    static void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void who_may_reads_it_from_the_origin_and_no_byte_twice() throws Exception {
        assertTimeout(SOON, () -> assertThat(allowed.resolve("cold")).hasBinaryContent(CONTENT.get("cold")));
        assertThat(bytesPastTheWorkers(allowed)).isEqualTo(LENGTH);
        assertThat(allowed.resolve("cold")).hasBinaryContent(CONTENT.get("cold"));
        assertThat(bytesPastTheWorkers(allowed)).isEqualTo(LENGTH);
    }

    @Test
    void who_may_not_gets_an_error_that_says_what_would_help() throws IOException {
        assertTimeout(
                SOON,
                () -> assertThatThrownBy(() -> Files.readAllBytes(forbidden.resolve("hidden")))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Input/output error"));
        assertThat(log()).anyMatch(line -> line.contains("no worker gave") && line.contains(OPTION));
        assertThat(forbidden.resolve("seen")).hasBinaryContent(CONTENT.get("seen"));
    }

    @Test
    void whom_the_origin_does_not_know_it_does_not_let_in() throws IOException {
        assertTimeout(
                SOON,
                () -> assertThatThrownBy(() -> Files.readAllBytes(stranger.resolve("hidden")))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Permission denied"));
        assertThat(log()).anyMatch(line -> line.contains("oss://models") && line.contains("the secret key is wrong"));
    }

    @Test
    void an_object_that_was_replaced_gives_no_other_bytes() throws IOException {
        try (FileChannel reader = FileChannel.open(allowed.resolve("replaced"))) {
            cluster.bucket().put("replaced", new byte[LENGTH]);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(64 << 10), 0))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Stale file handle");
        }
    }

    private static long bytesPastTheWorkers(Path mount) throws IOException, InterruptedException {
        NodeStats.Builder stats = NodeStats.newBuilder();
        JsonFormat.parser().merge(cluster.headrace().succeed("stats", "--count", 1, "--output", "json", mount), stats);
        return stats.getCountersList().stream()
                .filter(counter -> counter.getName().equals("headrace.client.origin.bytes"))
                .mapToLong(counter -> (long) counter.getValue())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> log() throws IOException {
        try (Stream<Path> logs = Files.walk(folder.resolve("state"))) {
            return logs.filter(Files::isRegularFile)
                    .flatMap(OriginFallbackE2E::lines)
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
