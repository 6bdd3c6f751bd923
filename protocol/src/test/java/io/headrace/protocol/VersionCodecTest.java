package io.headrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class VersionCodecTest {
    @Property(tries = 200)
    void versions_survive_their_encoding(@ForAll String key, @ForAll long nanos, @ForAll boolean entity)
            throws IOException {
        FileVersion version = version(key, nanos, entity);
        assertThat(VersionCodec.decode(ByteBuffer.wrap(VersionCodec.encode(version))))
                .isEqualTo(version);
    }

    @Property(tries = 500)
    void any_bytes_are_a_version_or_an_io_error(@ForAll byte[] bytes) throws IOException {
        try {
            assertThat(VersionCodec.encode(VersionCodec.decode(ByteBuffer.wrap(bytes))))
                    .isEqualTo(bytes);
        } catch (IOException notVersion) {
            assertThat(notVersion).hasMessageContaining("no file version");
        }
    }

    @Test
    void a_version_that_was_cut_short_is_refused() {
        byte[] bytes = VersionCodec.encode(version("", 7, true));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> VersionCodec.decode(cut)).isInstanceOf(IOException.class);
        }
    }

    private static FileVersion version(String key, long nanos, boolean entity) {
        return new FileVersion(
                new MountId("00ff00ff00ff00ff"),
                ObjectKey.of(key),
                nanos & Long.MAX_VALUE,
                entity ? new EntityTag("\"" + nanos + "\"") : new ModificationTag(nanos, 1));
    }
}
