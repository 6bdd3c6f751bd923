package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.DataSet;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.worker.OriginSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OriginFallbackTest {
    private static final String UNREACHED = "oss://models/llama";

    @TempDir
    Path folder;

    @Test
    void reads_the_data_sets_origin() throws IOException {
        try (OriginFallback fallback = fallback(folder.toUri().toString(), Map.of(), Map.of())) {
            assertThat(read(fallback, put("headrace"))).isEqualTo("headrace");
        }
    }

    @Test
    void an_object_that_was_replaced_gives_no_other_bytes() throws IOException {
        FileVersion old = put("headrace");
        FileVersion now = put("tailrace, and more");
        try (OriginFallback fallback = fallback(folder.toUri().toString(), Map.of(), Map.of())) {
            assertThatThrownBy(() -> read(fallback, old)).isInstanceOf(OriginException.VersionChanged.class);
            assertThat(read(fallback, now)).isEqualTo("tailrace, and more");
        }
    }

    @Test
    void a_version_of_another_data_set_is_refused() throws IOException {
        FileVersion mine = put("headrace");
        FileVersion others =
                new FileVersion(MountId.of(URI.create("s3://others")), mine.key(), mine.lengthBytes(), mine.tag());
        try (OriginFallback fallback = fallback(folder.toUri().toString(), Map.of(), Map.of())) {
            assertThatThrownBy(() -> read(fallback, others))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContainingAll("data set llama", folder.toUri().toString(), "another");
        }
    }

    @Test
    void an_origin_that_cannot_be_opened_is_named_when_it_is_wanted_and_not_before() throws IOException {
        try (OriginFallback fallback = fallback(UNREACHED, Map.of("region", "NO REGION"), Map.of())) {
            assertThatThrownBy(() -> open(fallback))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContainingAll("data set llama", UNREACHED, "region=", "--origin-option");
        }
    }

    @Test
    void an_option_that_only_the_master_knows_is_a_refusal() throws IOException {
        try (OriginFallback fallback = fallback(UNREACHED, Map.of("of-another-version", "1"), Map.of())) {
            assertThatThrownBy(() -> open(fallback))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("of-another-version");
        }
    }

    @Test
    void the_mounts_own_options_count_before_the_data_sets() throws IOException {
        try (OriginFallback fallback =
                fallback(UNREACHED, Map.of("region", "NO REGION"), Map.of("region", "cn-hangzhou"))) {
            open(fallback);
        }
    }

    private static OriginFallback fallback(String uri, Map<String, String> ofDataSet, Map<String, String> own) {
        return new OriginFallback(
                DataSet.newBuilder()
                        .setPath("llama")
                        .setUri(uri)
                        .putAllOptions(ofDataSet)
                        .build(),
                UnderStoreOptions.parse(own),
                OriginSettings.defaults(),
                new SimpleMeterRegistry());
    }

    private FileVersion put(String content) throws IOException {
        Files.writeString(folder.resolve("weights"), content);
        try (UnderStore store = UnderStores.open(folder.toUri(), UnderStoreOptions.defaults())) {
            return store.head(ObjectKey.of("weights")).orElseThrow().version(store.mountId());
        }
    }

    /** Asks nobody yet. */
    private void open(OriginFallback fallback) throws IOException {
        FileVersion some = put("headrace");
        FileVersion version =
                new FileVersion(MountId.of(URI.create(UNREACHED)), some.key(), some.lengthBytes(), some.tag());
        fallback.open(version, version.wholeFile(), FetchReason.DEMAND).close();
    }

    private static String read(OriginFallback fallback, FileVersion version) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) version.lengthBytes());
        try (ReadableByteChannel channel = fallback.open(version, version.wholeFile(), FetchReason.DEMAND)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }
}
