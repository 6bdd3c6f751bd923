package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import io.headrace.protocol.v1.ListPinsReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes that pins a data set, and loses a worker for good. */
class PinE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LENGTH = 21 << 20;
    private static final String KEY = "weights/a.bin";

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(20261125).nextBytes(content);
        bucket.put(KEY, content);
        Path settings = Files.write(
                folder.resolve("settings"),
                List.of("cluster.suspect-after = 3s", "cluster.remove-after = 8s", "pins.settle = 200ms"));
        cluster.start(3, "--settings", settings);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void a_pinned_data_set_has_two_copies_again_after_a_worker_died_and_the_origin_is_not_asked() throws Exception {
        Path first = cluster.mount("first");
        headrace.succeed("cluster", "pin", "models", "--replicas=2", "--master", cluster.master());
        awaitHealedSince(0);
        assertThat(headrace.succeed("cluster", "pins", "--master", cluster.master()))
                .contains("models  2 to a block", "All copies are there.");
        long job = pins().getJobId();
        long given = bucket.server().traffic().bytesSent();

        cluster.kill("worker-2");
        awaitHealedSince(job);
        assertThat(headrace.succeed("jobs", "list", "--master", cluster.master()))
                .contains("models (pinned)");
        cluster.kill("worker-3");
        assertThat(first.resolve(KEY)).hasBinaryContent(content);
        assertThat(bucket.server().traffic().bytesSent() - given).isLessThan(1 << 20);

        headrace.succeed("cluster", "unpin", "models", "--master", cluster.master());
        assertThat(headrace.succeed("cluster", "pins", "--master", cluster.master()))
                .contains("Nothing is pinned.");
    }

    private void awaitHealedSince(long job) {
        await().atMost(PATIENCE).until(this::pins, pins -> pins.getHealed() && pins.getJobId() > job);
    }

    private ListPinsReply pins() throws IOException, InterruptedException {
        ListPinsReply.Builder pins = ListPinsReply.newBuilder();
        JsonFormat.parser()
                .merge(headrace.succeed("cluster", "pins", "--master", cluster.master(), "--output=json"), pins);
        return pins.build();
    }
}
