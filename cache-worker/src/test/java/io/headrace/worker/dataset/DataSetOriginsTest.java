package io.headrace.worker.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.dataset.DataSetDirectory.Location;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSetOriginsTest {
    @TempDir
    Path folder;

    private final AtomicInteger questions = new AtomicInteger();
    private FileVersion version;

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(folder.resolve("weights"), "headrace");
        try (UnderStore store = UnderStores.open(folder.toUri(), UnderStoreOptions.defaults())) {
            version = store.head(ObjectKey.of("weights")).orElseThrow().version(store.mountId());
        }
    }

    @Test
    void asks_once_where_an_origin_lies_and_reads_it_from_then_on() throws IOException {
        try (DataSetOrigins origins = origins(mount -> Optional.of(new Location(folder.toUri(), Map.of())))) {
            assertThat(read(origins, version)).isEqualTo("headrace");
            assertThat(read(origins, version)).isEqualTo("headrace");
        }
        assertThat(questions).hasValue(1);
    }

    @Test
    void refuses_an_origin_that_no_data_set_has() {
        try (DataSetOrigins origins = origins(mount -> Optional.empty())) {
            assertThatThrownBy(() -> read(origins, version))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining(version.mount().value());
        }
    }

    @Test
    void says_that_the_master_is_away_and_asks_again_the_next_time() throws IOException {
        try (DataSetOrigins origins = origins(mount -> {
            if (questions.get() == 1) {
                throw new OriginException.Unavailable("the master does not answer");
            }
            return Optional.of(new Location(folder.toUri(), Map.of()));
        })) {
            assertThatThrownBy(() -> read(origins, version)).isInstanceOf(OriginException.Unavailable.class);
            assertThat(read(origins, version)).isEqualTo("headrace");
        }
    }

    private DataSetOrigins origins(DataSetDirectory directory) {
        return new DataSetOrigins(
                (MountId mount) -> {
                    questions.incrementAndGet();
                    return directory.find(mount);
                },
                OriginSettings.defaults(),
                new SimpleMeterRegistry());
    }

    private static String read(DataSetOrigins origins, FileVersion version) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) version.lengthBytes());
        try (ReadableByteChannel channel = origins.open(version, version.wholeFile(), FetchReason.DEMAND)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }
}
