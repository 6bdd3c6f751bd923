package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.client.sdk.Headrace;
import io.headrace.client.sdk.LoadJob;
import io.headrace.client.sdk.LoadRequest;
import io.headrace.client.sdk.LoadStatus;
import io.headrace.client.sdk.RemoteFile;
import io.headrace.protocol.DirectoryCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java API before a cluster of processes. */
class JavaApiE2E {
    private static final int LENGTH = (21 << 20) + 5;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private StartedCluster started;
    private String master;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        new Random(20261125).nextBytes(content);
        started = StartedCluster.at(folder);
        started.bucket().put("weights/a.bin", content);
        started.bucket().put("config.json", new byte[777]);
        started.start(2);
        master = started.master();
        Path _ = started.mount("mount");
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        started.close();
    }

    @Test
    void the_example_of_the_docs_reads_every_byte() throws IOException {
        Path copy = folder.resolve("copy");
        try (FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ReadAModel.copy(master, "models/weights/a.bin", to);
        }
        assertThat(copy).hasBinaryContent(content);
        String source = Files.readString(Checkout.root().resolve("cli/src/test/java/io/headrace/cli/ReadAModel.java"));
        String shown = Files.readString(Checkout.root().resolve("docs/java-api.md"));
        int from = source.indexOf("        try (");
        assertThat(shown.replaceAll("\\s+", " "))
                .contains(source.substring(from, source.lastIndexOf("    }\n}")).replaceAll("\\s+", " "));
    }

    @Test
    void a_load_brings_every_byte_into_the_caches() throws IOException {
        try (Headrace cluster = Headrace.connect(master)) {
            LoadJob job = cluster.load(LoadRequest.of("models/weights").verified());
            LoadStatus status = job.await(Duration.ofSeconds(60));
            assertThat(status.state()).isEqualTo(LoadStatus.State.COMPLETE);
            assertThat(status.bytesTotal()).isEqualTo(LENGTH);
            assertThat(status.bytesFetched() + status.bytesPresent()).isEqualTo(LENGTH);
            assertThat(cluster.job(job.id()).cancel().state()).isEqualTo(LoadStatus.State.COMPLETE);

            LoadStatus none = cluster.load("models/nothing").await(Duration.ofSeconds(60));
            assertThat(none.state()).isEqualTo(LoadStatus.State.INCOMPLETE);
            assertThat(none.failures().getFirst().reason()).contains("models/nothing");
            assertThatThrownBy(() -> cluster.job(123_456).status()).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void names_are_listed_files_are_read_at_any_position_and_what_is_wrong_is_named() throws IOException {
        try (Headrace cluster = Headrace.connect(master)) {
            try (DirectoryCursor names = cluster.list("models")) {
                assertThat(names.next().orElseThrow().name()).hasToString("config.json");
                assertThat(names.next().orElseThrow().name()).hasToString("weights");
                assertThat(names.next()).isEmpty();
            }
            RemoteFile file = cluster.open("/models/weights/a.bin");
            ByteBuffer some = ByteBuffer.allocate(3 << 20);
            assertThat(file.read(9_999_999, some)).isEqualTo(3 << 20);
            assertThat(some.flip())
                    .isEqualTo(ByteBuffer.wrap(content, 9_999_999, 3 << 20).slice());
            assertThat(file.read(LENGTH - 5, some.clear())).isEqualTo(5);
            assertThat(file.read(LENGTH, some.clear())).isEqualTo(-1);

            assertThatThrownBy(() -> cluster.open("models/nothing"))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("models/nothing");
            assertThatThrownBy(() -> cluster.open("models/weights")).hasMessageContaining("directory");
            assertThatThrownBy(() -> cluster.list("models/config.json")).isInstanceOf(NotDirectoryException.class);
        }
    }
}
