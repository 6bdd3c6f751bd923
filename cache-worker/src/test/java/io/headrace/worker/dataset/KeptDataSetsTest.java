package io.headrace.worker.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.MountId;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptDataSetsTest {
    private static final MountId MODELS = MountId.of(URI.create("s3://models"));
    private static final MountId OTHER = MountId.of(URI.create("s3://other"));

    @TempDir
    Path directory;

    private Path file;
    private volatile boolean away;

    @BeforeEach
    void place() {
        file = directory.resolve("data-sets");
    }

    @Test
    void what_was_told_once_is_known_while_the_master_is_away_and_after_a_restart() throws IOException {
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThat(kept.find(MODELS).orElseThrow().uri()).isEqualTo(URI.create("s3://models"));
            away = true;
            assertThat(kept.find(MODELS)).isPresent();
        }
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThat(kept.find(MODELS).orElseThrow().options()).containsEntry("region", "here");
        }
    }

    @Test
    void what_nobody_can_be_asked_about_is_not_here_and_no_trouble_of_the_origin() throws IOException {
        away = true;
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThatThrownBy(() -> kept.find(MODELS))
                    .isInstanceOfSatisfying(
                            PeerException.class,
                            failure -> assertThat(failure.status()).isEqualTo(Status.NOT_HERE));
        }
    }

    @Test
    void what_the_master_does_not_have_is_nowhere() throws IOException {
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThat(kept.find(OTHER)).isEmpty();
        }
    }

    @Test
    void a_damaged_file_counts_as_none() throws IOException {
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThat(kept.find(MODELS)).isPresent();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 8;
        Files.write(file, bytes);
        away = true;
        try (KeptDataSets kept = KeptDataSets.open(this::list, file, _ -> {})) {
            assertThatThrownBy(() -> kept.find(MODELS)).isInstanceOf(PeerException.class);
            away = false;
            assertThat(kept.find(MODELS)).isPresent();
        }
    }

    private ListMountsReply list() throws IOException {
        if (away) {
            throw new PeerException(Status.NOT_HERE, "the master is away");
        }
        DataSet dataSet = DataSet.newBuilder()
                .setPath("models")
                .setUri("s3://models")
                .putOptions("region", "here")
                .build();
        return ListMountsReply.newBuilder()
                .addMounts(
                        MountedDataSet.newBuilder().setMountId(MODELS.value()).setDataSet(dataSet))
                .build();
    }
}
