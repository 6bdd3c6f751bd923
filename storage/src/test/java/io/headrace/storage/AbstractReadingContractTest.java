package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How every {@link UnderStore} lists and reads. A test class of a store says where its location is and puts objects there behind
 * the store's back; where stores may differ, the declared capabilities say what is expected.
 */
abstract class AbstractReadingContractTest {
    private final Random random = new Random(20261123);

    private UnderStore store;

    /** A new store of an empty location. */
    protected abstract UnderStore openEmpty() throws Exception;

    /** A store of a location that is not there: no such bucket, folder or host. */
    protected abstract UnderStore openMissing() throws Exception;

    /** Makes or replaces the object of the key, not through the store. */
    protected abstract void put(String key, byte[] content) throws Exception;

    /** Removes the object of the key, not through the store. */
    protected abstract void remove(String key) throws Exception;

    /** Makes an empty directory, not through the store; only called where the store declares directories. */
    protected abstract void makeDirectory(String key) throws Exception;

    /** Keys that are awkward, and that this kind of origin can hold. */
    protected List<String> awkwardKeys() {
        return List.of(
                "with space",
                "a+b",
                "100%",
                "%41",
                "q?x=1&y",
                "#hash",
                "ünï/cødé",
                "日本語.bin",
                "semi;colon",
                "a'b\"c",
                "back\\slash",
                "star*",
                "tilde~",
                "[x]{y}",
                "equals=sign",
                "comma,at@colon:",
                "-dash",
                ".hidden");
    }

    @BeforeEach
    protected void openStore() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected final UnderStore store() {
        return store;
    }

    @Test
    void an_empty_location_lists_as_an_empty_page() throws Exception {
        ListingPage page = store.list(ListingRequest.all());

        assertThat(page.objects()).isEmpty();
        assertThat(page.directories()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void a_missing_location_is_refused_with_a_fix() throws Exception {
        try (UnderStore missing = openMissing()) {
            assertThatThrownBy(() -> missing.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_SUCH_LOCATION))
                    .hasMessageContaining("heck");
        }
    }

    @Test
    void lists_every_object_below_the_location() throws Exception {
        List<String> keys = List.of("a", "b/c", "b/d/e", "b-f", "z.txt");
        for (String key : keys) {
            put(key, bytes(key.length()));
        }

        List<ObjectStatus> listed = listAll(ListingRequest.all());

        assertThat(listed).extracting(status -> status.key().toString()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(listed)
                .allSatisfy(status -> assertThat(status.lengthBytes())
                        .isEqualTo(status.key().toString().length()));
        if (store.capabilities().listsInKeyOrder()) {
            assertThat(listed).extracting(ObjectStatus::key).isSorted();
        }
    }

    @Test
    void lists_the_children_of_a_folder_with_deeper_keys_rolled_up() throws Exception {
        for (String key : List.of("top", "f/a", "f/b/c", "f/b/d", "f/b.txt", "g/h")) {
            put(key, bytes(1));
        }

        ListingPage page = store.list(ListingRequest.children(ObjectKey.of("f/")));

        assertThat(page.objects())
                .extracting(status -> status.key().toString())
                .containsExactlyInAnyOrder("f/a", "f/b.txt");
        assertThat(page.directories()).containsExactly(ObjectKey.of("f/b/"));
        assertThat(page.next()).isEmpty();
    }

    @Test
    void lists_only_keys_that_start_with_the_prefix() throws Exception {
        for (String key : List.of("model-1", "model-2/x", "mode", "other")) {
            put(key, bytes(1));
        }

        List<ObjectStatus> listed =
                listAll(new ListingRequest(ObjectKey.of("model-"), Optional.empty(), Optional.empty(), true));

        assertThat(listed)
                .extracting(status -> status.key().toString())
                .containsExactlyInAnyOrder("model-1", "model-2/x");
    }

    @Test
    void pages_join_to_the_whole_listing() throws Exception {
        List<String> keys = IntStream.range(0, 1203)
                .mapToObj(i -> "d" + i % 7 + "/f" + i)
                .sorted()
                .toList();
        for (String key : keys) {
            put(key, bytes(1));
        }

        List<ObjectStatus> listed = listAll(ListingRequest.all());

        assertThat(listed).extracting(status -> status.key().toString()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void a_listing_starts_behind_a_key_where_that_is_declared() throws Exception {
        for (String key : List.of("a", "b/c", "b/d", "c")) {
            put(key, bytes(1));
        }
        ListingRequest behind =
                new ListingRequest(ObjectKey.of(""), Optional.empty(), Optional.of(ObjectKey.of("b/c")), true);

        if (store.capabilities().listsFromKey()) {
            assertThat(listAll(behind)).extracting(s -> s.key().toString()).containsExactly("b/d", "c");
        } else {
            assertThatThrownBy(() -> store.list(behind)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void an_empty_directory_is_listed_where_that_is_declared() throws Exception {
        put("full/file", bytes(3));
        if (store.capabilities().hasDirectories()) {
            makeDirectory("empty/");
        }

        List<ListingPage> pages = listPages(ListingRequest.all());

        assertThat(pages.stream().flatMap(page -> page.objects().stream()))
                .extracting(status -> status.key().toString())
                .containsExactly("full/file");
        assertThat(pages.stream().flatMap(page -> page.directories().stream()).toList())
                .isEqualTo(store.capabilities().hasDirectories() ? List.of(ObjectKey.of("empty/")) : List.of());
    }

    @Test
    void a_head_says_what_the_listing_says() throws Exception {
        put("folder/object", bytes(12_345));

        ObjectStatus listed = listAll(ListingRequest.all()).getFirst();
        ObjectStatus head = store.head(ObjectKey.of("folder/object")).orElseThrow();

        assertThat(head).isEqualTo(listed);
        assertThat(head.lengthBytes()).isEqualTo(12_345);
        assertThat(Duration.between(head.modified(), Instant.now()).abs()).isLessThan(Duration.ofHours(1));
    }

    @Test
    void a_head_of_an_absent_key_is_empty() throws Exception {
        put("folder/object", bytes(1));

        assertThat(store.head(ObjectKey.of("absent"))).isEmpty();
        assertThat(store.head(ObjectKey.of("folder/absent"))).isEmpty();
        assertThat(store.head(ObjectKey.of("folder/object/below"))).isEmpty();
        assertThat(store.head(ObjectKey.of("folder"))).isEmpty();
    }

    @Test
    void reads_whole_objects_and_ranges_into_direct_and_heap_buffers() throws Exception {
        byte[] content = bytes(3_000_001);
        put("object", content);
        FileVersion version = version("object");

        for (ByteRange range : List.of(
                version.wholeFile(),
                new ByteRange(0, 1),
                new ByteRange(content.length - 1, 1),
                new ByteRange(1_000_003, 1_234_567))) {
            assertThat(read(version, range, ByteBuffer.allocateDirect(700_001)))
                    .as("%s, direct", range)
                    .isEqualTo(slice(content, range));
            assertThat(read(version, range, ByteBuffer.allocate(99)))
                    .as("%s, heap", range)
                    .isEqualTo(slice(content, range));
        }
    }

    @Test
    void a_read_leaves_the_rest_of_the_buffer_alone() throws Exception {
        byte[] content = bytes(100);
        put("object", content);
        ByteBuffer target = ByteBuffer.allocateDirect(300).position(50).limit(250);

        try (ReadableByteChannel channel = store.open(version("object"), new ByteRange(10, 20))) {
            while (channel.read(target) >= 0) {}
            assertThat(channel.read(target)).isEqualTo(-1);
        }

        assertThat(target.position()).isEqualTo(70);
        assertThat(target.limit()).isEqualTo(250);
        byte[] all = new byte[300];
        target.clear().get(all);
        byte[] expected = new byte[300];
        System.arraycopy(content, 10, expected, 50, 20);
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void many_ranges_are_read_at_once() throws Exception {
        byte[] content = bytes(4 << 20);
        put("object", content);
        FileVersion version = version("object");

        List<byte[]> pieces = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return read(
                                version, new ByteRange((long) i << 18, 1 << 18), ByteBuffer.allocateDirect(100_000));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();

        for (int i = 0; i < 16; i++) {
            assertThat(pieces.get(i)).isEqualTo(Arrays.copyOfRange(content, i << 18, (i + 1) << 18));
        }
    }

    @Test
    void a_replaced_object_is_not_read_as_the_version_before() throws Exception {
        put("object", bytes(1000));
        FileVersion old = version("object");
        put("object", bytes(1000));

        assertThat(version("object")).isNotEqualTo(old);
        assertThatThrownBy(() -> read(old, old.wholeFile(), ByteBuffer.allocate(1000)))
                .isInstanceOf(OriginException.VersionChanged.class)
                .hasMessageContaining("object");
    }

    @Test
    void a_truncated_object_is_not_read_as_the_version_before() throws Exception {
        put("object", bytes(1000));
        FileVersion old = version("object");
        put("object", bytes(10));

        assertThatThrownBy(() -> read(old, new ByteRange(500, 500), ByteBuffer.allocate(1000)))
                .isInstanceOf(OriginException.VersionChanged.class);
    }

    @Test
    void a_deleted_object_is_not_found() throws Exception {
        put("object", bytes(1000));
        FileVersion old = version("object");
        remove("object");

        assertThat(store.head(ObjectKey.of("object"))).isEmpty();
        assertThatThrownBy(() -> read(old, old.wholeFile(), ByteBuffer.allocate(1000)))
                .isInstanceOf(OriginException.NotFound.class)
                .hasMessageContaining("object");
    }

    @Test
    void a_range_can_be_left_before_its_end() throws Exception {
        put("object", bytes(8 << 20));
        FileVersion version = version("object");

        for (int i = 0; i < 100; i++) {
            try (ReadableByteChannel channel = store.open(version, version.wholeFile())) {
                assertThat(channel.read(ByteBuffer.allocate(10))).isPositive();
            }
        }
        assertThat(read(version, new ByteRange(5, 5), ByteBuffer.allocate(5))).hasSize(5);
    }

    @Test
    void awkward_keys_round_trip() throws Exception {
        List<String> keys = awkwardKeys();
        for (String key : keys) {
            put(key, key.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(listAll(ListingRequest.all()))
                .extracting(status -> status.key().toString())
                .containsExactlyInAnyOrderElementsOf(keys);
        for (String key : keys) {
            FileVersion version = version(key);
            assertThat(new String(
                            read(version, version.wholeFile(), ByteBuffer.allocate(2000)), StandardCharsets.UTF_8))
                    .isEqualTo(key);
        }
    }

    @Test
    void the_location_names_the_mount_and_not_its_credentials() {
        assertThat(store.mountId()).isEqualTo(MountId.of(store.location()));
        assertThat(store.location().getRawUserInfo()).isNull();
        assertThat(store.location().toString()).doesNotEndWith("/");
    }

    protected final byte[] bytes(int count) {
        byte[] content = new byte[count];
        random.nextBytes(content);
        return content;
    }

    protected final FileVersion version(String key) throws IOException {
        return store.head(ObjectKey.of(key))
                .orElseThrow(() -> new AssertionError("no object " + key))
                .version(store.mountId());
    }

    protected final byte[] read(FileVersion version, ByteRange range, ByteBuffer buffer) throws IOException {
        byte[] content = new byte[Math.toIntExact(range.length())];
        int at = 0;
        try (ReadableByteChannel channel = store.open(version, range)) {
            while (channel.read(buffer.clear()) >= 0) {
                int got = buffer.flip().remaining();
                buffer.get(content, at, got);
                at += got;
            }
        }
        assertThat(at).isEqualTo(content.length);
        return content;
    }

    protected final List<ObjectStatus> listAll(ListingRequest first) throws IOException {
        return listPages(first).stream()
                .flatMap(page -> page.objects().stream())
                .toList();
    }

    private List<ListingPage> listPages(ListingRequest first) throws IOException {
        List<ListingPage> pages = new ArrayList<>();
        Optional<ListingRequest> request = Optional.of(first);
        while (request.isPresent()) {
            ListingPage page = store.list(request.get());
            pages.add(page);
            request = page.next().map(request.get()::next);
        }
        return pages;
    }

    private static byte[] slice(byte[] content, ByteRange range) {
        return Arrays.copyOfRange(content, (int) range.offset(), (int) range.end());
    }
}
