package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names, attributes and directories through a real mount. */
@Timeout(60)
class TreeIT {
    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();
    private Mounted mounted;

    @BeforeEach
    void mount() throws IOException {
        mounted = new Mounted(scratch, names, Settings.passthrough());
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    private List<String> list(String below) throws IOException {
        try (Stream<Path> entries = Files.list(mounted.path(below))) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shows_what_stat_wants_to_know() throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", 12_345);
        PosixFileAttributes attributes = Files.readAttributes(mounted.path("f"), PosixFileAttributes.class);
        assertThat(attributes.size()).isEqualTo(12_345);
        assertThat(attributes.isRegularFile()).isTrue();
        assertThat(attributes.lastModifiedTime().toInstant()).isEqualTo(file.modified());
        assertThat(Files.getAttribute(mounted.path("f"), "unix:ino")).isEqualTo(file.id());
        assertThat(Mounted.run("stat", "-c", "%a %h %b", mounted.path("f").toString()))
                .isEqualTo("444 1 25");
        assertThat(Mounted.run("stat", "-c", "%a %F", mounted.mountPoint.toString()))
                .isEqualTo("555 directory");
    }

    @Test
    void a_name_that_waits_for_its_origin_holds_up_nobody_else() throws Exception {
        names.file(Namespace.ROOT_ID, "slow", 10);
        names.file(Namespace.ROOT_ID, "f", 10);
        assertThat(Files.size(mounted.path("f"))).isEqualTo(10);
        CountDownLatch answer = names.holdBack("slow");
        FutureTask<Boolean> slow = new FutureTask<>(() -> Files.exists(mounted.path("slow")));
        Thread.ofPlatform().name("slow-reader").start(slow);
        await().until(() -> names.isAsked("slow"));
        for (int i = 0; i < 100; i++) {
            Files.newInputStream(mounted.path("f")).close();
        }
        assertThat(slow.isDone()).isFalse();
        answer.countDown();
        assertThat(slow.get(45, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void lists_a_directory_larger_than_many_replies() throws Exception {
        long directory = names.directory(Namespace.ROOT_ID, "d").id();
        List<String> expected = IntStream.range(0, 20_000)
                .mapToObj(i -> "a-file-with-a-name-of-some-length-" + i)
                .sorted()
                .toList();
        expected.forEach(name -> names.file(directory, name, 1));
        assertThat(list("d")).isEqualTo(expected);
        assertThat(Mounted.run("sh", "-c", "ls -l '" + mounted.path("d") + "' | grep -c a-file"))
                .isEqualTo("20000");
    }

    @Test
    void names_keep_every_byte_and_length() throws Exception {
        String longest = "n".repeat(255);
        names.file(Namespace.ROOT_ID, longest, 1);
        names.file(Namespace.ROOT_ID, "ünïcode 文件 \n", 1);
        assertThat(list("")).contains(longest);
        assertThat(Files.size(mounted.path(longest))).isEqualTo(1);
        assertThat(Mounted.run("sh", "-c", "stat -c %s '" + mounted.mountPoint + "/'*code*"))
                .isEqualTo("1");
        assertThatThrownBy(() -> Files.size(mounted.path("n".repeat(256))))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void a_file_added_replaced_or_removed_shows_at_once_though_the_kernel_believes_names_for_a_minute()
            throws Exception {
        long directory = names.directory(Namespace.ROOT_ID, "d").id();
        assertThat(list("d")).isEmpty();
        assertThatThrownBy(() -> Files.size(mounted.path("d/f"))).isInstanceOf(NoSuchFileException.class);
        names.file(directory, "f", 10);
        await().until(() -> Files.exists(mounted.path("d/f")));
        await().untilAsserted(() -> assertThat(list("d")).containsExactly("f"));
        names.file(directory, "f", 20);
        await().until(() -> Files.size(mounted.path("d/f")) == 20);
        names.remove(directory, "f");
        await().until(() -> !Files.exists(mounted.path("d/f")));
        await().untilAsserted(() -> assertThat(list("d")).isEmpty());
    }

    @Test
    void an_open_file_reads_its_own_version_after_it_was_replaced() throws Exception {
        FileEntry old = names.file(Namespace.ROOT_ID, "f", 300_000);
        mounted.store.complete(old);
        try (var opened = Files.newInputStream(mounted.path("f"))) {
            byte[] first = opened.readNBytes(1000);
            FileEntry replacement = names.file(Namespace.ROOT_ID, "f", 300_000);
            mounted.store.complete(replacement);
            await().until(() ->
                    Files.getAttribute(mounted.path("f"), "unix:ino").equals(replacement.id()));
            assertThat(Files.readAllBytes(mounted.path("f"))).isEqualTo(TemporaryStore.content(replacement));
            byte[] rest = opened.readAllBytes();
            byte[] all = java.util.Arrays.copyOf(first, 300_000);
            System.arraycopy(rest, 0, all, 1000, rest.length);
            assertThat(all).isEqualTo(TemporaryStore.content(old));
        }
    }

    @Test
    void nothing_can_be_changed() throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", 10);
        mounted.store.complete(file);
        for (String command : List.of(
                "touch m/f",
                "touch m/new",
                "mkdir m/d",
                "rm -f m/f",
                "mv m/f m/g",
                "ln -s x m/l",
                "chmod 600 m/f",
                "truncate -s 0 m/f",
                "ln m/f m/h")) {
            String shell = command.replace("m/", mounted.mountPoint + "/");
            assertThat(Mounted.run("sh", "-c", shell))
                    .as(command)
                    .contains("failed")
                    .contains("ead-only file system");
        }
    }

    @Test
    void extended_attributes_tell_version_and_what_is_cached() throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", 10);
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(mounted.path("f"), UserDefinedFileAttributeView.class);
        assertThat(view.list()).containsExactly("headrace.version", "headrace.cached", "headrace.tier");
        assertThat(value("f", "user:headrace.version")).isEqualTo("\"" + file.id() + "\"");
        assertThat(value("f", "user:headrace.cached")).isEqualTo("0/10");
        assertThat(value("f", "user:headrace.tier")).isEqualTo("none");
        mounted.store.complete(file);
        assertThat(value("f", "user:headrace.cached")).isEqualTo("complete");
        assertThat(value("f", "user:headrace.tier")).isEqualTo("disk");
        assertThatThrownBy(() -> value("f", "user:other")).hasMessageContaining("No data available");
    }

    @Test
    void attributes_cannot_be_set() {
        names.file(Namespace.ROOT_ID, "f", 10);
        assertThatThrownBy(
                        () -> Files.setAttribute(mounted.path("f"), "user:x", java.nio.ByteBuffer.wrap(new byte[] {1})))
                .hasMessageContaining("ead-only file system");
    }

    private String value(String below, String attribute) throws IOException {
        return new String((byte[]) Files.getAttribute(mounted.path(below), attribute), StandardCharsets.UTF_8);
    }

    @Test
    void df_shows_the_names_total() throws Exception {
        names.file(Namespace.ROOT_ID, "a", 1 << 20);
        names.file(Namespace.ROOT_ID, "b", 3 << 20);
        FileStore store = Files.getFileStore(mounted.mountPoint);
        assertThat(store.type()).isEqualTo("fuse.headrace");
        assertThat(store.getTotalSpace()).isEqualTo(4 << 20);
        assertThat(store.getUsableSpace()).isZero();
    }
}
