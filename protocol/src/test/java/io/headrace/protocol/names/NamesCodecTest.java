package io.headrace.protocol.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.NameChange;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class NamesCodecTest {
    private static final EntryName NOT_UTF8 = new EntryName(Bytes.copyOf(new byte[] {'c', 'a', 'f', (byte) 0xe9}));
    private static final Entry FILE = new FileEntry(
            1L << 60,
            NOT_UTF8,
            new FileVersion(
                    MountId.of(URI.create("s3://m")), new ObjectKey(NOT_UTF8.bytes()), 7, new EntityTag("\"e\"")),
            Instant.parse("1969-12-31T23:59:59.000000001Z"));
    private static final Entry DIRECTORY = new DirectoryEntry(2, EntryName.of("d"), Instant.EPOCH);

    @Test
    void entries_come_back_as_they_were() throws IOException {
        for (Entry entry : new Entry[] {FILE, DIRECTORY}) {
            assertThat(NamesCodec.fromMessage(NamesCodec.toMessage(entry))).isEqualTo(entry);
        }
    }

    @Test
    void changes_come_back_as_they_were() throws IOException {
        for (NamespaceChange.OfName change : new NamespaceChange.OfName[] {
            new NamespaceChange.Added(1, NOT_UTF8, FILE),
            new NamespaceChange.Replaced(1, NOT_UTF8, 9, FILE),
            new NamespaceChange.Removed(1, NOT_UTF8, 9)
        }) {
            assertThat(NamesCodec.fromMessage(NamesCodec.toMessage(change))).isEqualTo(change);
        }
    }

    @Test
    void what_is_no_entry_is_an_error() {
        CatalogEntry good = NamesCodec.toMessage(FILE);
        for (CatalogEntry bad : new CatalogEntry[] {
            good.toBuilder().setId(0).build(),
            good.toBuilder().setId((1L << 60) + 1).build(),
            good.toBuilder().setName(ByteString.copyFromUtf8("a/b")).build(),
            good.toBuilder().setName(ByteString.EMPTY).build(),
            good.toBuilder().setModifiedNanos(-1).build(),
            good.toBuilder().setModifiedUnixSeconds(Long.MAX_VALUE).build(),
            good.toBuilder().setVersion(ByteString.copyFromUtf8("short")).build()
        }) {
            assertThatThrownBy(() -> NamesCodec.fromMessage(bad)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_change_that_neither_adds_nor_removes_is_an_error() {
        NameChange nothing = NameChange.newBuilder()
                .setDirectoryId(1)
                .setName(ByteString.copyFromUtf8("a"))
                .build();
        assertThatThrownBy(() -> NamesCodec.fromMessage(nothing)).isInstanceOf(IOException.class);
    }

    @Property(tries = 2000)
    void any_bytes_are_a_change_or_an_error(@ForAll @Size(max = 200) byte[] bytes) {
        try {
            assertThat(NamesCodec.fromMessage(NameChange.parseFrom(bytes))).isNotNull();
        } catch (InvalidProtocolBufferException notAMessage) {
            assertThat(notAMessage).isNotNull();
        } catch (IOException notAChange) {
            assertThat(notAChange).hasMessageMatching("(the bytes are no file version|the other side sent).*");
        }
    }

    @Property(tries = 2000)
    void any_version_bytes_are_an_entry_or_an_error(@ForAll @Size(max = 80) byte[] version, @ForAll long id) {
        CatalogEntry message = CatalogEntry.newBuilder()
                .setId(id)
                .setName(ByteString.copyFromUtf8("a"))
                .setVersion(ByteString.copyFrom(version))
                .build();
        try {
            assertThat(NamesCodec.fromMessage(message).id()).isEqualTo(id);
        } catch (IOException notAnEntry) {
            assertThat(notAnEntry).hasMessageMatching("(the bytes are no file version|the other side sent).*");
        }
    }
}
