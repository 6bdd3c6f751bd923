package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class IdRowTest {
    private static final FileRow ROW = new FileRow(256, 1, 0, Instant.EPOCH, new ModificationTag(0, 0));

    @Property
    void a_file_comes_back_with_its_row_whatever_bytes_its_name_has(
            @ForAll @LongRange(max = 1L << 60) long directoryId, @ForAll @Size(min = 1, max = 255) byte[] name)
            throws IOException {
        Assume.that(EntryName.isValid(Bytes.copyOf(name)));
        RowPlace place = new RowPlace(directoryId, new EntryName(Bytes.copyOf(name)));
        assertThat(IdRow.decode(IdRow.encode(place.encode(), RowCodec.encode(ROW))))
                .isEqualTo(new IdRow(place, Optional.of(ROW)));
        assertThat(IdRow.decode(place.encode())).isEqualTo(new IdRow(place, Optional.empty()));
    }

    @Test
    void a_cut_row_is_an_error() {
        byte[] place = new RowPlace(7, EntryName.of("x")).encode();
        byte[] whole = IdRow.encode(place, RowCodec.encode(ROW));
        for (int length = place.length + 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> IdRow.decode(cut)).isInstanceOf(IOException.class);
        }
    }
}
