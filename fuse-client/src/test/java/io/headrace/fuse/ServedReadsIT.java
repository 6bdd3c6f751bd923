package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads through a real mount whose daemon answers every one. */
@Timeout(60)
class ServedReadsIT {
    private static final int LENGTH = (5 << 20) + 123;

    @TempDir
    Path scratch;

    private Mounted mounted;
    private FileEntry file;
    private FileEntry small;
    private byte[] content;

    @BeforeEach
    void mountServed() throws IOException {
        MemoryNamespace names = new MemoryNamespace();
        long directory = names.directory(Namespace.ROOT_ID, "models").id();
        file = names.file(directory, "a.bin", LENGTH);
        small = names.file(Namespace.ROOT_ID, "small", 100_000);
        content = TemporaryStore.content(file);
        mounted = new Mounted(scratch, names, Settings.served());
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    @Test
    void reads_the_whole_file_byte_by_byte() throws Exception {
        mounted.store.complete(file);
        assertThat(Files.readAllBytes(mounted.path("models/a.bin"))).isEqualTo(content);
        assertThat(Mounted.run(
                        "cmp",
                        mounted.path("models/a.bin").toString(),
                        mounted.store.pathOf(file).toString()))
                .isEmpty();
    }

    @Test
    void reads_at_any_position_and_past_the_end() throws Exception {
        mounted.store.complete(file);
        try (FileChannel channel = FileChannel.open(mounted.path("models/a.bin"))) {
            for (long position : new long[] {0, 1, 4095, 4096, (1 << 20) - 1, LENGTH - 1}) {
                ByteBuffer buffer = ByteBuffer.allocate(70_000);
                int read = channel.read(buffer, position);
                int from = (int) position;
                assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(content, from, read));
            }
            assertThat(channel.read(ByteBuffer.allocate(10), LENGTH)).isEqualTo(-1);
        }
    }

    @Test
    void a_read_of_absent_bytes_waits_for_them_and_blocks_nobody_else() throws Exception {
        TemporaryStore.StoredFile absent = mounted.store.absent(file);
        FileEntry other = mounted.names.file(Namespace.ROOT_ID, "other", 100_000);
        mounted.store.complete(other);
        CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> readAll("models/a.bin"));
        await().until(() -> absent.waitingReads() > 0);
        assertThat(Files.readAllBytes(mounted.path("other"))).isEqualTo(TemporaryStore.content(other));
        assertThat(reader).isNotDone();
        absent.arrive();
        assertThat(reader.join()).isEqualTo(content);
    }

    static List<OriginException> endsOfAVersion() {
        return List.of(
                new OriginException.VersionChanged("a.bin was replaced"),
                new OriginException.NotFound("a.bin is gone"));
    }

    @ParameterizedTest
    @MethodSource("endsOfAVersion")
    void an_open_file_whose_version_is_gone_is_stale(OriginException end) throws Exception {
        mounted.store.absent(file).fail(end);
        assertThatThrownBy(() -> Files.readAllBytes(mounted.path("models/a.bin")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tale");
    }

    @Test
    void a_killed_reader_of_bytes_that_never_come_dies() throws Exception {
        TemporaryStore.StoredFile absent = mounted.store.absent(file);
        Process reader = new ProcessBuilder("cat", mounted.path("models/a.bin").toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().until(() -> absent.waitingReads() > 0);
        reader.destroyForcibly();
        assertThat(reader.onExit().get().exitValue()).isEqualTo(137);
    }

    @Test
    void a_second_read_of_a_small_file_does_not_reach_the_daemon() throws Exception {
        mounted.store.complete(small);
        assertThat(Files.readAllBytes(mounted.path("small"))).isEqualTo(TemporaryStore.content(small));
        double reads = mounted.requests("read");
        assertThat(Files.readAllBytes(mounted.path("small"))).isEqualTo(TemporaryStore.content(small));
        assertThat(mounted.requests("read")).isEqualTo(reads);
    }

    private byte[] readAll(String below) {
        try {
            return Files.readAllBytes(mounted.path(below));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void many_threads_read_one_file_at_once() {
        mounted.store.complete(file);
        CompletableFuture<?>[] readers = new CompletableFuture<?>[8];
        Arrays.setAll(
                readers,
                i -> CompletableFuture.runAsync(
                        () -> assertThat(readAll("models/a.bin")).isEqualTo(content)));
        CompletableFuture.allOf(readers).join();
    }
}
