package io.headrace.protocol.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @TempDir
    Path directory;

    @Test
    void a_descriptor_that_is_passed_reads_the_file_although_it_was_removed() throws IOException {
        byte[] content = "what was written".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(directory.resolve("file"), content);
        try (UnixSocket.Pair sockets = UnixSocket.pair()) {
            pass(file, sockets.theirs());
            Files.delete(file);
            ByteBuffer said = ByteBuffer.allocate(3);
            OptionalInt passed = sockets.ours().receiveFully(said);
            try (ReceivedFile received = new ReceivedFile(passed.orElseThrow())) {
                ByteBuffer direct = ByteBuffer.allocateDirect(100);
                assertThat(received.read(direct, 5)).isEqualTo(content.length - 5);
                ByteBuffer heap = ByteBuffer.allocate(4);
                assertThat(received.read(heap, 0)).isEqualTo(4);
                assertThat(heap.array()).isEqualTo("what".getBytes(StandardCharsets.UTF_8));
                assertThat(received.read(direct, content.length)).isZero();
            }
            assertThat(said.array()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void long_messages_arrive_whole() throws Exception {
        byte[] sent = new byte[3 << 20];
        new Random(1).nextBytes(sent);
        try (UnixSocket.Pair sockets = UnixSocket.pair()) {
            sockets.ours().patience(PATIENCE, PATIENCE);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    sockets.theirs().send(ByteBuffer.wrap(sent));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            ByteBuffer received = ByteBuffer.allocate(sent.length);
            assertThat(sockets.ours().receiveFully(received)).isEmpty();
            sending.get(45, TimeUnit.SECONDS);
            assertThat(received.array()).isEqualTo(sent);
        }
    }

    @Test
    void who_connects_is_known_and_the_end_of_a_listener_is_told() throws Exception {
        Path path = directory.resolve("it.sock");
        UnixSocket listener = UnixSocket.listen(path, 1);
        try (UnixSocket client = UnixSocket.connect(path);
                UnixSocket served = listener.accept().orElseThrow()) {
            assertThat(served.peer())
                    .isEqualTo(new UnixSocket.Peer(
                            (int) ProcessHandle.current().pid(),
                            RuntimeDirectory.user(),
                            RuntimeDirectory.group(path)));
            assertThat(client.peer().user()).isEqualTo(RuntimeDirectory.user());
        }
        CompletableFuture<Optional<UnixSocket>> next = CompletableFuture.supplyAsync(() -> {
            try {
                return listener.accept();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        listener.shutDown();
        assertThat(next.get(45, TimeUnit.SECONDS)).isEmpty();
        listener.close();
        assertThatThrownBy(() -> UnixSocket.connect(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void a_closed_end_and_a_silent_one_are_told_apart() throws IOException {
        try (UnixSocket.Pair sockets = UnixSocket.pair()) {
            sockets.ours().patience(Duration.ofMillis(50), PATIENCE);
            assertThatThrownBy(() -> sockets.ours().receiveFully(ByteBuffer.allocate(1)))
                    .isInstanceOf(SocketTimeoutException.class);
            sockets.theirs().close();
            assertThatThrownBy(() -> sockets.ours().receiveFully(ByteBuffer.allocate(1)))
                    .isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> sockets.ours().send(ByteBuffer.allocate(1)))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void a_path_that_is_too_long_is_told() {
        assertThatThrownBy(() -> UnixSocket.listen(Path.of("/tmp/" + "x".repeat(200)), 1))
                .hasMessageContaining("choose a shorter directory");
    }

    /** With bytes 1, 2 and 3. */
    private static void pass(Path file, UnixSocket over) throws IOException {
        int descriptor = open(file);
        try {
            over.send(ByteBuffer.wrap(new byte[] {1, 2, 3}), OptionalInt.of(descriptor));
        } finally {
            SocketCalls.close(descriptor);
        }
    }

    private static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return (int) NativeFunctions.plain("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                    .invokeExact(arena.allocateFrom(file.toString()), 0);
        } catch (Throwable failure) {
            throw new IOException(failure);
        }
    }
}
