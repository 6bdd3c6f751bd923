package io.headrace.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.AbstractUnderStoreContractTest;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreContractTest extends AbstractUnderStoreContractTest {
    @TempDir
    Path folder;

    private Path root() {
        return folder.resolve("the root");
    }

    @Override
    protected UnderStore openEmpty() throws IOException {
        Files.createDirectory(root());
        return open(root());
    }

    @Override
    protected UnderStore openMissing() throws IOException {
        return open(folder.resolve("missing"));
    }

    private static UnderStore open(Path path) throws IOException {
        return UnderStores.open(path.toUri(), UnderStoreOptions.defaults());
    }

    @Override
    protected void put(String key, byte[] content) throws IOException {
        Path path = root().resolve(key);
        Files.createDirectories(path.getParent());
        Path temporary = Files.createTempFile(folder, "new", "");
        Files.write(temporary, content);
        Files.move(temporary, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    protected void remove(String key) throws IOException {
        Files.delete(root().resolve(key));
    }

    @Override
    protected void makeDirectory(String key) throws IOException {
        Files.createDirectories(root().resolve(key));
    }

    @Test
    void names_that_are_not_utf8_round_trip() throws Exception {
        String rawRoot = root().toUri().getRawPath();
        Path odd = Path.of(URI.create("file://" + rawRoot + "d%FF/caf%E9.bin"));
        Files.createDirectory(odd.getParent());
        Files.write(odd, bytes(77));
        ObjectKey key = new ObjectKey(
                Bytes.copyOf(new byte[] {'d', (byte) 0xff, '/', 'c', 'a', 'f', (byte) 0xe9, '.', 'b', 'i', 'n'}));

        ObjectStatus listed = listAll(ListingRequest.all()).getFirst();
        FileVersion version = listed.version(store().mountId());

        assertThat(listed.key()).isEqualTo(key);
        assertThat(store().head(key)).contains(listed);
        assertThat(read(version, version.wholeFile(), ByteBuffer.allocate(100))).hasSize(77);
        assertThat(store().list(ListingRequest.children(ObjectKey.of(""))).directories())
                .containsExactly(new ObjectKey(key.bytes().slice(0, 3)));
    }

    @Test
    void a_name_is_either_a_file_or_a_folder() throws Exception {
        put("file", bytes(1));
        put("folder/below", bytes(1));

        for (String key : List.of("file/below", "folder")) {
            assertThatThrownBy(() -> store().create(ObjectKey.of(key)))
                    .as(key)
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("rename one of them");
            assertThatThrownBy(() -> store().begin(ObjectKey.of(key), 1))
                    .as(key)
                    .isInstanceOf(OriginException.Refused.class);
        }
    }

    @Test
    void the_token_of_an_upload_leads_nowhere_else() {
        assertThatThrownBy(() -> store().resume(ObjectKey.of("key"), "../../elsewhere/1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void links_inside_the_root_are_followed() throws Exception {
        put("blobs/1", bytes(11));
        Files.createDirectory(root().resolve("snapshots"));
        Files.createSymbolicLink(root().resolve("snapshots/model"), Path.of("../blobs/1"));
        Files.createSymbolicLink(root().resolve("latest"), Path.of("snapshots"));

        assertThat(listAll(ListingRequest.all()))
                .extracting(status -> status.key().toString())
                .containsExactly("blobs/1", "latest/model", "snapshots/model");
        FileVersion version = version("latest/model");
        assertThat(read(version, version.wholeFile(), ByteBuffer.allocate(100))).hasSize(11);
    }

    @Test
    void a_link_out_of_the_root_is_left_out_and_never_read() throws Exception {
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("elsewhere/secret"), "secret");
        Files.createSymbolicLink(root().resolve("file-link"), folder.resolve("secret"));
        Files.createSymbolicLink(root().resolve("folder-link"), folder.resolve("elsewhere"));
        FileVersion forged = new FileVersion(
                store().mountId(),
                ObjectKey.of("file-link"),
                6,
                FileTree.attributes(folder.resolve("secret")).orElseThrow().tag());

        ListingPage page = store().list(ListingRequest.all());

        assertThat(page.objects()).isEmpty();
        assertThat(page.leftOut())
                .containsExactly(
                        new LeftOut(ObjectKey.of("file-link"), "a symbolic link out of the mounted folder"),
                        new LeftOut(ObjectKey.of("folder-link"), "a symbolic link out of the mounted folder"));
        for (String key : List.of("file-link", "folder-link/secret", "../secret", "a/../../secret")) {
            assertThat(store().head(ObjectKey.of(key))).as(key).isEmpty();
        }
        assertThatThrownBy(() -> read(forged, forged.wholeFile(), ByteBuffer.allocate(10)))
                .isInstanceOf(OriginException.NotFound.class);
        assertThat(store().list(ListingRequest.children(ObjectKey.of("folder-link/")))
                        .objects())
                .isEmpty();
    }

    @Test
    void links_that_lead_round_in_a_circle_end() throws Exception {
        put("a/file", bytes(1));
        Files.createSymbolicLink(root().resolve("a/up"), Path.of(".."));
        Files.createDirectory(root().resolve("b"));
        Files.createSymbolicLink(root().resolve("b/to-a"), Path.of("../a"));
        Files.createSymbolicLink(root().resolve("a/to-b"), Path.of("../b"));
        Files.createSymbolicLink(root().resolve("self"), Path.of("self"));

        ListingPage page = store().list(ListingRequest.all());

        assertThat(page.objects())
                .extracting(status -> status.key().toString())
                .containsExactly("a/file", "b/to-a/file");
        assertThat(page.leftOut()).extracting(left -> left.key().toString()).contains("a/up", "self");
        assertThat(page.leftOut()).hasSize(5);
    }

    @Test
    void special_files_and_broken_links_are_left_out_and_reported() throws Exception {
        put("file", bytes(1));
        assertThat(new ProcessBuilder("mkfifo", root().resolve("pipe").toString())
                        .start()
                        .waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        Files.createSymbolicLink(root().resolve("broken"), Path.of("nowhere"));

        ListingPage page = store().list(ListingRequest.all());

        assertThat(page.objects()).extracting(s -> s.key().toString()).containsExactly("file");
        assertThat(page.leftOut())
                .containsExactly(
                        new LeftOut(ObjectKey.of("broken"), "a symbolic link to nothing"),
                        new LeftOut(ObjectKey.of("pipe"), "a named pipe, a socket or a device"));
        assertThat(store().head(ObjectKey.of("pipe"))).isEmpty();
    }

    @Test
    void a_file_written_over_while_it_is_read_shows_as_changed() throws Exception {
        put("object", bytes(1000));
        FileVersion version = version("object");

        try (ReadableByteChannel channel = store().open(version, version.wholeFile())) {
            ByteBuffer target = ByteBuffer.allocate(100);
            assertThat(channel.read(target)).isEqualTo(100);
            Files.write(root().resolve("object"), bytes(1000), StandardOpenOption.WRITE);
            Files.setLastModifiedTime(
                    root().resolve("object"), FileTime.from(Instant.now().plusSeconds(2)));

            assertThatThrownBy(() -> channel.read(target.clear())).isInstanceOf(OriginException.VersionChanged.class);
            assertThat(target.position()).isZero();
        }
    }

    @Test
    void a_listing_goes_on_behind_its_last_key_when_the_store_has_forgotten_it() throws Exception {
        for (int i = 0; i < 2500; i++) {
            put("d" + i % 3 + "/f" + i, bytes(0));
        }
        ListingPage first = store().list(ListingRequest.all());
        try (UnderStore other = open(root())) {
            ListingPage second =
                    other.list(ListingRequest.all().next(first.next().orElseThrow()));

            assertThat(second.objects().getFirst().key())
                    .isGreaterThan(first.objects().getLast().key());
            ListingPage third =
                    other.list(ListingRequest.all().next(second.next().orElseThrow()));
            assertThat(first.objects().size()
                            + second.objects().size()
                            + third.objects().size())
                    .isEqualTo(2500);
        }
    }

    @Test
    void a_mount_of_a_single_file_is_refused_with_the_fix() throws Exception {
        put("file", bytes(1));
        try (UnderStore single = open(root().resolve("file"))) {
            assertThatThrownBy(() -> single.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_SUCH_LOCATION))
                    .hasMessageContaining("is a file");
        }
    }

    @Test
    void nothing_is_written_through_a_link_out_of_the_root() throws Exception {
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(root().resolve("link"), folder.resolve("elsewhere"));

        assertThatThrownBy(() -> store().create(ObjectKey.of("link/new"))).isInstanceOf(OriginException.Refused.class);
        assertThatThrownBy(() -> store().create(ObjectKey.of("../new"))).isInstanceOf(OriginException.Refused.class);
    }
}
