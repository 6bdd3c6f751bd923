package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.VersionTag;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class RowCodecTest {
    private static final String MD5 = "0123456789abcdef0123456789abcdef";
    private static final List<VersionTag> TAGS = List.of(
            new EntityTag("\"" + MD5 + "\""),
            new EntityTag("\"" + MD5.toUpperCase(Locale.ROOT) + "\""),
            new EntityTag("\"" + MD5 + "-17\""),
            new EntityTag("\"" + MD5 + "-017\""),
            new EntityTag("\"" + MD5 + "-\""),
            new EntityTag("\"" + MD5 + "-1234567890\""),
            new EntityTag("\"" + MD5 + "x\""),
            new EntityTag("W/\"" + MD5 + "\""),
            new EntityTag(MD5),
            new EntityTag("\"0123456789abcdef0123456789ABCDEF\""),
            new EntityTag("\"é\""),
            new EntityTag("x"),
            new ModificationTag(1_700_000_000_123_456_789L, 42),
            new ModificationTag(-1, -1));

    @Test
    void every_tag_comes_back_exactly() throws IOException {
        for (VersionTag tag : TAGS) {
            Row row = new FileRow(7, 1, 99, Instant.ofEpochSecond(-5, 6), tag);
            assertThat(RowCodec.decode(RowCodec.encode(row))).isEqualTo(row);
        }
    }

    @Property
    void directories_come_back(
            @ForAll @LongRange(min = 1, max = 1L << 60) long id, @ForAll boolean listed, @ForAll boolean pinned)
            throws IOException {
        Row row = new DirectoryRow(id, 3, Instant.ofEpochSecond(id % 4_000_000_000L), listed, pinned);
        assertThat(RowCodec.decode(RowCodec.encode(row))).isEqualTo(row);
    }

    @Test
    void a_cut_row_is_an_error() {
        byte[] whole = RowCodec.encode(new FileRow(7, 1, 99, Instant.EPOCH, TAGS.getFirst()));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RowCodec.decode(cut)).isInstanceOf(IOException.class);
        }
    }

    @Property
    void noise_is_a_row_or_an_error(@ForAll byte[] noise) {
        try {
            RowCodec.decode(noise);
        } catch (IOException damaged) {
            assertThat(damaged).hasMessageContaining("the catalog holds");
        }
    }
}
