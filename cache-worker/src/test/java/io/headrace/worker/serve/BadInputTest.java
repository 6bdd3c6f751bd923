package io.headrace.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.FrameChecksum;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.token.TokenException;
import io.headrace.worker.serve.TestWorker.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are broken, strangers, late or too many. Each is told why, and costs the others nothing. */
final class BadInputTest {
    private static final FileVersion FILE = CountedOrigin.version("file", 3 << 20);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();

    @Test
    void a_client_of_another_version_is_told_which_one_is_spoken() throws IOException {
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = new RawClient(worker.port())) {
            assertRefused(client.greet(new Hello(2, 9, 0, Bytes.EMPTY)), Status.VERSION_NOT_SPOKEN, "version 1");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void a_client_of_several_versions_is_spoken_to_in_the_common_one() throws IOException {
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = new RawClient(worker.port())) {
            assertThat(client.greet(new Hello(1, 9, 0xff, Bytes.EMPTY)))
                    .isEqualTo(new Welcome.Accepted(
                            1, BlockProtocol.HOT_BLOCKS, AnswerQueue.MOST_FILES, AnswerQueue.MOST_REQUESTS));
        }
    }

    @Test
    void a_stranger_of_another_protocol_is_refused() throws IOException {
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = new RawClient(worker.port())) {
            client.send(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: worker\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertRefused(client.welcome(), Status.BAD_FRAME, "no HELLO");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void a_token_opens_the_mounts_that_it_names_and_no_others() throws IOException {
        Authorizer authorizer = (client, token) -> {
            if (!token.equals(Bytes.utf8("good"))) {
                throw new TokenException(TokenException.Reason.MALFORMED, "this is no good token");
            }
            return mount -> mount.equals(CountedOrigin.MOUNT) ? Optional.empty() : Optional.of("not covered");
        };
        FileVersion foreign =
                new FileVersion(new MountId("ffffffffffffffff"), ObjectKey.of("x"), 10, new EntityTag("\"1\""));
        try (TestWorker worker = worker(new Kind(BlockServerSettings.defaults(), authorizer, Transport.best()));
                RawClient bad = new RawClient(worker.port());
                RawClient good = new RawClient(worker.port())) {
            assertRefused(bad.greet(Hello.withToken(Bytes.utf8("bad"))), Status.UNAUTHORIZED, "token");
            assertThat(good.greet(Hello.withToken(Bytes.utf8("good")))).isInstanceOf(Welcome.Accepted.class);
            good.open(1, foreign);
            assertThat(good.next().status()).isEqualTo(Status.UNAUTHORIZED);
            good.open(1, FILE);
            assertThat(good.next().status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void one_connection_too_many_is_refused_and_comes_in_when_another_has_left() throws IOException {
        try (TestWorker worker =
                worker(Kind.usual().with(BlockServerSettings.defaults().withMostConnections(2)))) {
            RawClient first = RawClient.greeted(worker.port());
            try (RawClient second = RawClient.greeted(worker.port());
                    RawClient third = new RawClient(worker.port())) {
                assertRefused(third.greet(Hello.withToken(Bytes.EMPTY)), Status.OVERLOADED, "blocks.most-connections");
                second.send(new BlockRequest.Ping(1));
                assertThat(second.next().status()).isEqualTo(Status.OK);
                first.close();
                await().until(() -> worker.meters()
                                .get("headrace.serve.connections")
                                .gauge()
                                .value()
                        == 1);
                RawClient.greeted(worker.port()).close();
            }
        }
    }

    @Test
    void who_says_no_hello_in_time_is_cut_off() throws IOException {
        try (TestWorker worker = worker(withTimeouts(Duration.ofMillis(100), Duration.ofMinutes(1)));
                RawClient client = new RawClient(worker.port())) {
            client.send(Hello.withToken(Bytes.EMPTY).encode().limit(31));
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void who_asks_for_nothing_for_long_is_cut_off() throws IOException {
        try (TestWorker worker = worker(withTimeouts(Duration.ofMinutes(1), Duration.ofMillis(100)));
                RawClient client = RawClient.greeted(worker.port())) {
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void who_takes_nothing_for_long_is_cut_off_and_leaves_no_pin() throws IOException {
        BlockServerSettings impatient = BlockServerSettings.defaults()
                .withTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(200));
        FileVersion large = CountedOrigin.version("large", 64 << 20);
        try (TestWorker worker = worker(Kind.usual().with(impatient));
                RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, large);
            for (int i = 0; i < 8; i++) {
                client.send(RawClient.read(2, 1, new ByteRange((long) i << 23, 8 << 20)));
            }
            await().until(() ->
                    worker.meters().get("headrace.serve.connections").gauge().value() == 0);
            await().until(() -> worker.pinnedBytes() == 0);
        }
    }

    @Test
    void a_body_that_is_too_long_ends_the_connection_before_it_is_read() throws IOException {
        ByteBuffer head = RawClient.encoded(new BlockRequest.Ping(1)).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(4, 1 << 30).putInt(44, FrameChecksum.of(head, 0, 44));
        assertEndsTheConnection(head, "too many");
    }

    @Test
    void a_flipped_bit_ends_the_connection() throws IOException {
        ByteBuffer request = RawClient.encoded(RawClient.read(1, 1, new ByteRange(0, 100)));
        request.put(24, (byte) 1);
        assertEndsTheConnection(request, "checksum");
    }

    @Test
    void an_open_of_something_that_is_no_version_ends_the_connection() throws IOException {
        ByteBuffer request = ByteBuffer.allocate(48 + 3).order(ByteOrder.LITTLE_ENDIAN);
        request.put(0, (byte) 1).putInt(4, 3);
        request.putInt(40, FrameChecksum.of(request, 48, 51)).putInt(44, FrameChecksum.of(request, 0, 44));
        assertEndsTheConnection(request, "no version");
    }

    @Test
    void a_request_that_is_cut_short_by_a_close_is_forgotten() throws IOException {
        try (TestWorker worker = worker(Kind.usual())) {
            try (RawClient client = RawClient.greeted(worker.port())) {
                ByteBuffer request = RawClient.encoded(new BlockRequest.Open(1, 1, FILE));
                client.send(request.limit(60));
            }
            await().until(() ->
                    worker.meters().get("headrace.serve.connections").gauge().value() == 0);
        }
    }

    @Test
    void what_cannot_be_is_refused_and_the_connection_goes_on() throws IOException {
        FileVersion endless = CountedOrigin.version("endless", Long.MAX_VALUE);
        List<BlockRequest> wrong = List.of(
                RawClient.read(1, 9, new ByteRange(0, 10)),
                new BlockRequest.Close(2, 9),
                new BlockRequest.Open(3, 1, FILE),
                RawClient.read(4, 1, new ByteRange(0, 0)),
                RawClient.read(5, 1, new ByteRange((3 << 20) - 1, 2)),
                RawClient.read(6, 1, new ByteRange(0, (8 << 20) + 1)),
                new BlockRequest.Open(7, 2, endless),
                new BlockRequest.Ping(8));
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, FILE);
            assertThat(client.next().status()).isEqualTo(Status.OK);
            List<Status> answers = new ArrayList<>();
            for (BlockRequest request : wrong) {
                client.send(request);
                RawClient.Frame frame = client.next();
                assertThat(frame.head().id()).isEqualTo(request.id());
                answers.add(frame.status());
            }
            assertThat(answers)
                    .containsExactly(
                            Status.UNKNOWN_FILE,
                            Status.UNKNOWN_FILE,
                            Status.BAD_REQUEST,
                            Status.BAD_REQUEST,
                            Status.BAD_REQUEST,
                            Status.BAD_REQUEST,
                            Status.BAD_REQUEST,
                            Status.OK);
        }
    }

    @Test
    void one_file_too_many_is_refused_until_another_is_closed() throws IOException {
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = RawClient.greeted(worker.port())) {
            for (int i = 0; i < AnswerQueue.MOST_FILES; i++) {
                client.open(i, FILE);
                assertThat(client.next().status()).isEqualTo(Status.OK);
            }
            client.open(1000, FILE);
            assertThat(client.next().status()).isEqualTo(Status.BAD_REQUEST);
            client.send(new BlockRequest.Close(1, 0));
            client.open(1000, FILE);
            assertThat(client.next().status()).isEqualTo(Status.OK);
            assertThat(client.next().status()).isEqualTo(Status.OK);
        }
    }

    private void assertEndsTheConnection(ByteBuffer request, String message) throws IOException {
        try (TestWorker worker = worker(Kind.usual());
                RawClient client = RawClient.greeted(worker.port());
                RawClient other = RawClient.greeted(worker.port())) {
            client.send(new BlockRequest.Ping(1));
            client.send(request);
            assertThat(client.next().status()).isEqualTo(Status.OK);
            RawClient.Frame last = client.next();
            assertThat(last.status()).isEqualTo(Status.BAD_FRAME);
            assertThat(last.failure().message()).contains(message);
            assertThat(client.isEnded()).isTrue();
            other.send(new BlockRequest.Ping(2));
            assertThat(other.next().status()).isEqualTo(Status.OK);
        }
    }

    private static void assertRefused(Welcome welcome, Status status, String message) {
        assertThat(welcome).isInstanceOfSatisfying(Welcome.Refused.class, refused -> {
            assertThat(refused.failure().status()).isEqualTo(status);
            assertThat(refused.failure().message()).contains(message);
        });
    }

    private TestWorker worker(Kind kind) throws IOException {
        return new TestWorker("w1", directory, origin, kind);
    }

    private static Kind withTimeouts(Duration hello, Duration idle) {
        return Kind.usual().with(BlockServerSettings.defaults().withTimeouts(hello, idle, Duration.ofMinutes(1)));
    }
}
