package io.headrace.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.Status;
import io.headrace.worker.serve.TestWorker.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server answers, frame by frame, whatever its sockets. */
abstract class AbstractBlockServerTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion LARGE = CountedOrigin.version("large", 33L * MIB + 77);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private TestWorker worker;

    abstract Transport transport();

    @BeforeEach
    void start() throws IOException {
        worker = new TestWorker(
                "w1",
                directory,
                origin,
                new Kind(BlockServerSettings.defaults(), Authorizer.loopbackOnly(), transport()));
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
    }

    @Test
    void answers_a_read_by_frames_that_are_the_range_in_order() throws IOException {
        ByteRange range = new ByteRange(3L * MIB + 5, 4 * MIB);
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(7, LARGE);
            client.send(RawClient.read(1, 7, range));
            assertThat(client.next().head().opcode()).isEqualTo(Opcode.OPEN);
            assertIsAnsweredWhole(client, 1, range);
        }
        assertThat(worker.meters().counter("headrace.serve.bytes").count()).isEqualTo((double) range.length());
    }

    @Test
    void small_frames_are_cut_at_their_multiples() throws IOException {
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(7, LARGE);
            client.next();
            ReadTerms terms = new ReadTerms(FetchReason.DEMAND, Reach.ORIGIN, 4096, 0);
            client.send(new BlockRequest.Read(1, 7, new ByteRange(4000, 5000), terms));
            assertThat(client.next().head().payloadBytes()).isEqualTo(96);
            assertThat(client.next().head().payloadBytes()).isEqualTo(4096);
            assertThat(client.next().head().payloadBytes()).isEqualTo(808);
        }
    }

    @Test
    void frames_come_before_the_origin_has_given_the_rest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> {
            if (offset >= 2 * MIB) {
                awaitOpen(gate);
            }
        });
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(7, LARGE);
            client.send(RawClient.read(1, 7, new ByteRange(0, 4 * MIB)));
            client.next();
            RawClient.Frame first = client.next();
            assertThat(first.head().payloadBytes()).isEqualTo(MIB);
            assertThat(gate.getCount()).isOne();
            gate.countDown();
            assertIsAnsweredWhole(client, 1, ByteRange.between(MIB, 4 * MIB));
        }
    }

    @Test
    void many_requests_that_are_sent_at_once_are_answered_in_order() throws IOException {
        int count = 10 * AnswerQueue.MOST_REQUESTS;
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(0, LARGE);
            for (int i = 1; i <= count; i++) {
                client.send(
                        i % 3 == 0
                                ? new BlockRequest.Ping(i)
                                : RawClient.read(i, 0, new ByteRange(i * 100_000L, 100_000)));
            }
            client.next();
            for (int i = 1; i <= count; i++) {
                if (i % 3 == 0) {
                    assertThat(client.next().head().id()).isEqualTo(i);
                } else {
                    assertIsAnsweredWhole(client, i, new ByteRange(i * 100_000L, 100_000));
                }
            }
        }
    }

    @Test
    void what_is_not_cached_is_not_here_for_who_asks_for_what_is_cached() throws IOException {
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, LARGE);
            client.next();
            ReadTerms cached = new ReadTerms(FetchReason.DEMAND, Reach.CACHED, MIB, 0);
            client.send(new BlockRequest.Read(2, 1, new ByteRange(0, MIB), cached));
            assertThat(client.next().status()).isEqualTo(Status.NOT_HERE);
            assertThat(origin.givenBytes()).isZero();
            client.send(RawClient.read(3, 1, new ByteRange(0, 4 * MIB)));
            assertIsAnsweredWhole(client, 3, new ByteRange(0, 4 * MIB));
            await().until(() -> worker.store().residency(LARGE).isPresent());
            client.send(new BlockRequest.Read(4, 1, new ByteRange(0, MIB), cached));
            assertIsAnsweredWhole(client, 4, new ByteRange(0, MIB));
        }
    }

    @Test
    void what_the_origin_says_ends_the_answer_and_the_connection_goes_on() throws IOException {
        origin.weather((version, offset) -> {
            if (version.key().toString().equals("slow")) {
                throw new OriginException.Unavailable("busy", Optional.of(Duration.ofSeconds(3)));
            }
        });
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, CountedOrigin.version("slow", 5L * MIB));
            client.send(RawClient.read(2, 1, new ByteRange(0, 5L * MIB)));
            client.next();
            RawClient.Frame frame = client.next();
            assertThat(frame.status()).isEqualTo(Status.ORIGIN_UNAVAILABLE);
            assertThat(frame.failure().retryAfter()).contains(Duration.ofSeconds(3));
            client.send(new BlockRequest.Ping(3));
            assertThat(client.next().head().id()).isEqualTo(3);
        }
    }

    @Test
    void a_read_whose_bytes_do_not_come_says_so_all_the_time_and_ends_with_its_deadline() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> awaitOpen(gate));
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, LARGE);
            client.next();
            ReadTerms terms = new ReadTerms(FetchReason.DEMAND, Reach.ORIGIN, MIB, 1500);
            client.send(new BlockRequest.Read(2, 1, new ByteRange(0, 4 * MIB), terms));
            assertThat(client.nextOfAll().head().isProgress()).isTrue();
            assertThat(client.nextOfAll().head().isProgress()).isTrue();
            assertThat(client.next().status()).isEqualTo(Status.DEADLINE_PASSED);
            client.send(new BlockRequest.Ping(3));
            assertThat(client.next().head().id()).isEqualTo(3);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void a_client_that_takes_nothing_costs_a_bounded_number_of_pinned_bytes() throws IOException {
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(1, LARGE);
            client.next();
            for (int i = 0; i < 4; i++) {
                client.send(RawClient.read(i, 1, new ByteRange(0, 32 * MIB / 4)));
            }
            client.send(RawClient.read(4, 1, new ByteRange(8L * MIB, 8 * MIB)));
            long most = ServedConnection.HIGH_WATER_BYTES + MIB + AnswerQueue.MOST_AHEAD * (long) MIB;
            await().during(Duration.ofMillis(500))
                    .until(() -> worker.pinnedBytes() > 0 && worker.peakPinnedBytes() <= most);
            for (int i = 0; i < 4; i++) {
                assertIsAnsweredWhole(client, i, new ByteRange(0, 32 * MIB / 4));
            }
            assertIsAnsweredWhole(client, 4, new ByteRange(8L * MIB, 8 * MIB));
            assertThat(worker.peakPinnedBytes()).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void a_client_that_dies_in_the_middle_leaves_no_pin_and_no_file() throws IOException {
        RawClient client = RawClient.greeted(worker.port());
        client.open(1, LARGE);
        client.next();
        client.send(RawClient.read(2, 1, new ByteRange(0, 8 * MIB)));
        client.next();
        client.close();
        await().untilAsserted(() -> {
            assertThat(worker.pinnedBytes()).isZero();
            assertThat(worker.openFiles()).isZero();
        });
        await().until(() ->
                worker.meters().get("headrace.serve.connections").gauge().value() == 0);
    }

    @Test
    void closing_a_file_does_not_end_the_reads_before_it_and_frees_its_number() throws IOException {
        FileVersion other = CountedOrigin.version("other", 2 * MIB);
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(5, LARGE);
            client.send(RawClient.read(1, 5, new ByteRange(0, 8 * MIB)));
            client.send(new BlockRequest.Close(2, 5));
            client.open(5, other);
            client.send(RawClient.read(3, 5, new ByteRange(MIB, MIB)));
            client.next();
            assertIsAnsweredWhole(client, 1, new ByteRange(0, 8 * MIB));
            assertThat(client.next().head().opcode()).isEqualTo(Opcode.CLOSE);
            assertThat(client.next().status()).isEqualTo(Status.OK);
            assertIsAnsweredWhole(client, 3, new ByteRange(MIB, MIB), other);
        }
    }

    @Test
    void a_stop_answers_what_was_asked_and_says_why_it_ends() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> awaitOpen(gate));
        try (RawClient client = RawClient.greeted(worker.port());
                RawClient idle = RawClient.greeted(worker.port())) {
            client.open(1, LARGE);
            client.send(RawClient.read(2, 1, new ByteRange(0, 4 * MIB)));
            client.next();
            Thread stopping = Thread.startVirtualThread(worker::stopServing);
            assertThat(idle.next().status()).isEqualTo(Status.SHUTTING_DOWN);
            assertThat(idle.isEnded()).isTrue();
            gate.countDown();
            assertIsAnsweredWhole(client, 2, new ByteRange(0, 4 * MIB));
            assertThat(client.next().status()).isEqualTo(Status.SHUTTING_DOWN);
            assertThat(client.isEnded()).isTrue();
            stopping.join();
        }
    }

    private static void assertIsAnsweredWhole(RawClient client, long id, ByteRange range) throws IOException {
        assertIsAnsweredWhole(client, id, range, LARGE);
    }

    private static void assertIsAnsweredWhole(RawClient client, long id, ByteRange range, FileVersion version)
            throws IOException {
        long position = range.offset();
        boolean last = false;
        while (!last) {
            RawClient.Frame frame = client.next();
            assertThat(frame.status()).isEqualTo(Status.OK);
            assertThat(frame.head().id()).isEqualTo(id);
            assertThat(frame.head().position()).isEqualTo(position);
            assertThat(CountedOrigin.bytesOf(version).firstWrong(MemorySegment.ofBuffer(frame.payload()), position))
                    .isEmpty();
            position += frame.head().payloadBytes();
            last = frame.head().last();
        }
        assertThat(position).isEqualTo(range.end());
    }

    private static void awaitOpen(CountDownLatch gate) throws IOException {
        try {
            if (!gate.await(45, TimeUnit.SECONDS)) {
                throw new IOException("the test did not open the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
