package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section "Names" of docs/semantics.md, line by line. */
final class AwkwardKeysTest {
    private final FakeOrigin origin = new FakeOrigin("s3://awkward", 7);

    private void check(Path directory, List<String> paths, List<String> reported) throws IOException {
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mountListed(origin);
            assertThat(open.walk().keySet()).containsExactlyElementsOf(paths);
            assertThat(open.catalog.unreachable().named())
                    .extracting(unreachable -> unreachable.key().toString())
                    .containsExactlyElementsOf(reported);
            assertThat(open.catalog.unreachable().count()).isEqualTo(reported.size());
            open.clock.advance(Duration.ofHours(1));
            assertThat(open.walk().keySet())
                    .as("after each directory was listed by itself")
                    .containsExactlyElementsOf(paths);
        }
    }

    @Test
    void a_key_that_goes_on_with_a_slash_elsewhere_is_reported(@TempDir Path directory) throws IOException {
        origin.put("a", 1).put("a!", 1).put("a/b", 1);
        check(directory, List.of("a", "a!", "a/b"), List.of("a"));
    }

    @Test
    void empty_names_are_reported(@TempDir Path directory) throws IOException {
        origin.put("/lead", 1).put("a//b", 1).put("a/c", 1).put("d//", 0);
        check(directory, List.of("a", "a/c", "d"), List.of("/lead", "a//b", "d//"));
    }

    @Test
    void markers_are_directories_and_their_content_is_reported(@TempDir Path directory) throws IOException {
        origin.put("empty/", 0).put("full/", 9).put("full/x", 1);
        check(directory, List.of("empty", "full", "full/x"), List.of("full/"));
    }

    @Test
    void dots_never_leave_the_mount(@TempDir Path directory) throws IOException {
        origin.put("../etc/passwd", 1)
                .put("a/../b", 1)
                .put("./c", 1)
                .put("..", 1)
                .put("...", 1)
                .put("a/.x", 1);
        check(directory, List.of("...", "a", "a/.x"), List.of("..", "../etc/passwd", "./c", "a/../b"));
    }

    @Test
    void names_that_are_too_long_or_hold_a_nul_are_reported(@TempDir Path directory) throws IOException {
        String fits = "f".repeat(255);
        String tooLong = "g".repeat(256);
        origin.put(fits, 1).put(tooLong, 1).put("nul\0", 1).put("d/" + tooLong + "/x", 1);
        check(directory, List.of("d", fits), List.of("d/" + tooLong + "/x", tooLong, "nul\0"));
    }

    @Test
    void case_twins_and_bytes_that_are_not_utf8_are_different_files(@TempDir Path directory) throws IOException {
        ObjectKey raw = new ObjectKey(Bytes.copyOf(new byte[] {'r', (byte) 0xff, (byte) 0xfe}));
        origin.put("Readme", 1).put("README", 1).put("readme", 1).put(raw, 1);
        check(directory, List.of("README", "Readme", "r\\xff\\xfe", "readme"), List.of());
    }

    @Test
    void an_object_shows_again_when_the_directory_of_its_name_has_gone(@TempDir Path directory) throws IOException {
        origin.put("a", 1).put("a/b", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mountListed(origin);
            origin.remove("a/b");
            open.clock.advance(Duration.ofMinutes(1));
            assertThat(open.find("a")).get().isInstanceOf(FileEntry.class);
            origin.put("a/b", 2);
            open.clock.advance(Duration.ofMinutes(1));
            assertThat(open.find("a")).get().isInstanceOf(DirectoryEntry.class);
            assertThat(open.find("a/b")).isPresent();
        }
    }

    @Property(tries = 60)
    void each_key_has_one_path_or_is_reported(@ForAll("keySets") Set<Bytes> keys) throws IOException {
        FakeOrigin random = new FakeOrigin("s3://random", 3);
        for (Bytes key : keys) {
            random.put(new ObjectKey(key), key.endsWith((byte) '/') ? key.length() % 2 : 5);
        }
        Path directory = Files.createTempDirectory("awkward");
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mountListed(random);
            Set<ObjectKey> reported = open.catalog.unreachable().named().stream()
                    .map(UnreachableKey::key)
                    .collect(Collectors.toSet());
            requireEachOnce(random.content(), open.walk(), reported);
        } finally {
            delete(directory);
        }
    }

    private static void requireEachOnce(
            Map<ObjectKey, ObjectStatus> content, Map<String, Entry> tree, Set<ObjectKey> reported) {
        List<ObjectKey> files = new ArrayList<>();
        for (Entry entry : tree.values()) {
            if (entry instanceof FileEntry file) {
                files.add(file.version().key());
            }
        }
        assertThat(files).doesNotHaveDuplicates();
        Set<ObjectKey> shown = new HashSet<>(files);
        content.forEach((key, status) -> {
            boolean marker = key.bytes().endsWith((byte) '/') && status.lengthBytes() == 0;
            if (marker && !reported.contains(key)) {
                String path = key.toString().substring(0, key.toString().length() - 1);
                assertThat(tree).containsKey(path);
            } else {
                assertThat(shown.contains(key) ^ reported.contains(key))
                        .as("%s: shown %s, reported %s", key, shown.contains(key), reported.contains(key))
                        .isTrue();
            }
        });
        assertThat(content.keySet()).containsAll(shown).containsAll(reported);
    }

    @Provide
    Arbitrary<Set<Bytes>> keySets() {
        Arbitrary<String> piece = Arbitraries.of("a", "b", "A", "", ".", "..", "a!", "é", "\0", "x".repeat(256));
        Arbitrary<Bytes> key =
                piece.list().ofMinSize(1).ofMaxSize(4).map(pieces -> Bytes.utf8(String.join("/", pieces)));
        return key.filter(bytes -> !bytes.isEmpty()).set().ofMaxSize(25);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
