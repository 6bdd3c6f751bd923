package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.OriginTrouble;
import io.headrace.protocol.UrgentChannel;
import io.headrace.worker.OriginSource.OriginAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OriginSourceTest {
    private static final FileVersion FILE = ScriptedOrigin.version(10_000_000);
    private static final ByteRange RANGE = new ByteRange(1_000_000, 300_000);

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private VirtualClock clock = VirtualClock.jumping();
    private OriginSource source = source(OriginSettings.defaults());

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void asks_once_for_exactly_the_range() throws IOException {
        assertThat(read(RANGE, FetchReason.DEMAND)).isEqualTo(expected(RANGE));
        assertThat(origin.asked).containsExactly(RANGE);
    }

    @Test
    void asks_nothing_before_the_first_read() throws IOException {
        source.open(FILE, RANGE, FetchReason.DEMAND).close();
        assertThat(origin.asked).isEmpty();
    }

    @Test
    void goes_on_at_the_byte_reached_when_a_body_is_cut_short() throws IOException {
        origin.then(ScriptedOrigin.bytesThen(70_000, body -> -1)).then(ScriptedOrigin.bytesThen(10, body -> {
            throw new IOException("connection reset");
        }));
        assertThat(read(RANGE, FetchReason.DEMAND)).isEqualTo(expected(RANGE));
        assertThat(origin.asked)
                .containsExactly(
                        RANGE,
                        ByteRange.between(RANGE.offset() + 70_000, RANGE.end()),
                        ByteRange.between(RANGE.offset() + 70_010, RANGE.end()));
        assertThat(count("retries", FetchReason.DEMAND)).isEqualTo(2);
        assertThat(count("requests", FetchReason.DEMAND)).isEqualTo(3);
        assertThat(count("bytes", FetchReason.DEMAND)).isEqualTo((double) RANGE.length());
    }

    @Test
    void gives_up_after_the_deadline_and_says_what_was_tried() {
        origin.always(ScriptedOrigin.failing(new OriginException.Unavailable("503 SlowDown")));
        long start = clock.nanos();
        var failure = catchThrowableOfType(OriginException.Unavailable.class, () -> read(RANGE, FetchReason.DEMAND));
        assertThat(failure)
                .hasMessageContaining("weights.bin")
                .hasMessageContaining(RANGE.toString())
                .hasMessageContaining("s3://models/llama")
                .hasMessageContaining(origin.asked.size() + " attempts")
                .hasMessageContaining("503 SlowDown")
                .hasMessageContaining("origin.deadline");
        assertThat(Duration.ofNanos(clock.nanos() - start)).isLessThanOrEqualTo(Duration.ofSeconds(61));
        assertThat(origin.asked).hasSizeBetween(8, 40);
    }

    @Test
    void waits_as_long_as_the_origin_asks_for() throws IOException {
        origin.then(
                ScriptedOrigin.failing(new OriginException.Unavailable("429", Optional.of(Duration.ofSeconds(20)))));
        long start = clock.nanos();
        read(RANGE, FetchReason.DEMAND);
        assertThat(Duration.ofNanos(clock.nanos() - start)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
    }

    @Test
    void does_not_wait_for_a_retry_that_would_come_after_the_deadline() {
        origin.always(
                ScriptedOrigin.failing(new OriginException.Unavailable("429", Optional.of(Duration.ofSeconds(90)))));
        long start = clock.nanos();
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.Unavailable.class);
        assertThat(clock.nanos()).isEqualTo(start);
        assertThat(origin.asked).hasSize(1);
    }

    @Test
    void passes_permanent_failures_on_at_once() {
        origin.then(ScriptedOrigin.failing(new OriginException.VersionChanged("replaced; open it again")))
                .then(ScriptedOrigin.failing(new OriginException.NotFound("deleted; list again")))
                .then(ScriptedOrigin.failing(new OriginException.Refused(Refusal.FORBIDDEN, "grant s3:GetObject")));
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND))
                .isInstanceOf(OriginException.VersionChanged.class)
                .hasMessageContainingAll("replaced; open it again", "weights.bin", RANGE.toString(), "attempt 1");
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.NotFound.class);
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND))
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.FORBIDDEN));
        assertThat(origin.asked).hasSize(3);
        assertThat(count("retries", FetchReason.DEMAND)).isZero();
    }

    @Test
    void stops_when_the_object_was_replaced_between_two_attempts() {
        origin.then(ScriptedOrigin.bytesThen(70_000, body -> -1))
                .then(ScriptedOrigin.failing(new OriginException.VersionChanged("replaced")));
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.VersionChanged.class);
        assertThat(origin.asked).hasSize(2);
    }

    @Test
    void tries_again_when_a_body_stalls() throws Exception {
        standStill(OriginSettings.defaults());
        CountDownLatch waiting = new CountDownLatch(1);
        origin.then(ScriptedOrigin.bytesThen(70_000, body -> {
            waiting.countDown();
            return hang(body);
        }));
        FutureTask<byte[]> read = inBackground(() -> read(RANGE, FetchReason.DEMAND));
        waiting.await();
        clock.advance(Duration.ofSeconds(11));
        assertThat(untilDone(read)).isEqualTo(expected(RANGE));
        assertThat(origin.asked).containsExactly(RANGE, ByteRange.between(RANGE.offset() + 70_000, RANGE.end()));
    }

    @Test
    void tries_again_when_a_request_is_never_answered() throws Exception {
        standStill(OriginSettings.defaults());
        CountDownLatch waiting = new CountDownLatch(1);
        origin.then(range -> {
            waiting.countDown();
            return hangOpening();
        });
        FutureTask<byte[]> read = inBackground(() -> read(RANGE, FetchReason.DEMAND));
        waiting.await();
        clock.advance(Duration.ofSeconds(11));
        assertThat(untilDone(read)).isEqualTo(expected(RANGE));
        assertThat(origin.asked).containsExactly(RANGE, RANGE);
    }

    @Test
    void closing_from_another_thread_ends_a_read_that_waits_for_bytes() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        origin.then(ScriptedOrigin.bytesThen(0, body -> {
            waiting.countDown();
            return hang(body);
        }));
        ReadableByteChannel channel = source.open(FILE, RANGE, FetchReason.DEMAND);
        FutureTask<Integer> read = inBackground(() -> channel.read(ByteBuffer.allocate(10)));
        waiting.await();
        channel.close();
        assertThatThrownBy(read::get).hasCauseInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void closing_from_another_thread_ends_a_read_that_waits_to_try_again() throws Exception {
        standStill(OriginSettings.defaults());
        CountDownLatch failed = new CountDownLatch(1);
        origin.then(range -> {
            failed.countDown();
            throw new OriginException.Unavailable("429", Optional.of(Duration.ofSeconds(30)));
        });
        ReadableByteChannel channel = source.open(FILE, RANGE, FetchReason.DEMAND);
        FutureTask<Integer> read = inBackground(() -> channel.read(ByteBuffer.allocate(10)));
        failed.await();
        channel.close();
        assertThatThrownBy(read::get).hasCauseInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void an_interrupt_ends_the_read_and_stays_set() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        origin.then(range -> {
            waiting.countDown();
            return hangOpening();
        });
        FutureTask<Boolean> read = new FutureTask<>(() -> {
            assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(ClosedByInterruptException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread reader = Thread.ofPlatform().start(read);
        waiting.await();
        reader.interrupt();
        assertThat(read.get()).isTrue();
        assertThat(origin.asked).hasSize(1);
    }

    @Test
    void a_failing_origin_is_asked_by_one_probe_at_a_time() throws Exception {
        origin.always(ScriptedOrigin.failing(new OriginException.Unavailable("down")));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> read(RANGE, FetchReason.LOAD)).isInstanceOf(OriginException.Unavailable.class);
        }
        // 20 ranges of 60 s each: 1200 s at a probe in 8 s, beside what it took to see that the origin fails.
        assertThat(origin.asked.size()).isLessThan(1200 / 8 + 40);
    }

    @Test
    void nothing_is_read_ahead_from_a_failing_origin() {
        origin.always(ScriptedOrigin.failing(new OriginException.Unavailable("down")));
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.Unavailable.class);
        int before = origin.asked.size();
        assertThatThrownBy(() -> read(RANGE, FetchReason.READ_AHEAD)).isInstanceOf(OriginException.Unavailable.class);
        assertThat(origin.asked).hasSize(before);
    }

    @Test
    void a_failing_origin_is_asked_for_read_ahead_that_a_reader_joined() throws IOException {
        origin.always(ScriptedOrigin.failing(new OriginException.Unavailable("down")));
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.Unavailable.class);
        origin.always(ScriptedOrigin::bytes);
        ByteBuffer bytes = ByteBuffer.allocate((int) RANGE.length());
        try (ReadableByteChannel ahead = source.open(FILE, RANGE, FetchReason.READ_AHEAD)) {
            ((UrgentChannel) ahead).urge(FetchReason.DEMAND);
            ((UrgentChannel) ahead).urge(FetchReason.LOAD);
            while (bytes.hasRemaining()) {
                assertThat(ahead.read(bytes)).isPositive();
            }
        }
        assertThat(bytes.array()).isEqualTo(expected(RANGE));
        assertThat(count("bytes", FetchReason.READ_AHEAD)).isEqualTo((double) RANGE.length());
    }

    @Test
    void read_ahead_that_has_begun_outlasts_a_failing_origin() throws IOException {
        origin.then(ScriptedOrigin.bytesThen(70_000, body -> -1));
        for (int i = 0; i < OriginHealth.FAILURES_IN_A_ROW + 1; i++) {
            origin.then(ScriptedOrigin.failing(new OriginException.Unavailable("down")));
        }
        assertThat(read(RANGE, FetchReason.READ_AHEAD)).isEqualTo(expected(RANGE));
    }

    @Test
    void a_failure_is_known_before_the_read_gives_up_and_until_a_request_is_answered() throws IOException {
        List<Optional<OriginTrouble>> known = new ArrayList<>();
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        origin.then(ScriptedOrigin.failing(new OriginException.Unavailable("down")))
                .then(range -> {
                    known.add(source.trouble(FILE.mount(), now));
                    return ScriptedOrigin.bytes(range);
                });

        read(RANGE, FetchReason.DEMAND);

        assertThat(known)
                .singleElement()
                .satisfies(trouble -> assertThat(trouble).hasValueSatisfying(told -> {
                    assertThat(told.message()).isEqualTo("down");
                    assertThat(told.at()).isBeforeOrEqualTo(now);
                }));
        assertThat(source.trouble(FILE.mount(), now)).isEmpty();
    }

    @Test
    void a_refusal_is_trouble_and_a_missing_object_is_none() {
        origin.then(ScriptedOrigin.failing(new OriginException.Refused(Refusal.FORBIDDEN, "grant s3:GetObject")))
                .then(ScriptedOrigin.failing(new OriginException.NotFound("deleted")));

        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.Refused.class);
        assertThat(source.trouble(FILE.mount(), Instant.EPOCH).map(OriginTrouble::message))
                .contains("grant s3:GetObject");

        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.NotFound.class);
        assertThat(source.trouble(FILE.mount(), Instant.EPOCH)).isEmpty();
    }

    @Test
    void recovers_as_soon_as_the_origin_does() throws IOException {
        origin.always(ScriptedOrigin.failing(new OriginException.Unavailable("down")));
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.Unavailable.class);
        origin.always(ScriptedOrigin::bytes);
        assertThat(read(RANGE, FetchReason.DEMAND)).isEqualTo(expected(RANGE));
        int before = origin.asked.size();
        read(RANGE, FetchReason.READ_AHEAD);
        assertThat(origin.asked).hasSize(before + 1);
    }

    @Test
    void keeps_to_the_byte_rate() throws IOException {
        source.close();
        source = source(new OriginSettings(4, ByteSize.parse("1MB"), Duration.ofSeconds(60), Duration.ofSeconds(10)));
        long start = clock.nanos();
        read(new ByteRange(0, 5_000_000), FetchReason.LOAD);
        assertThat(Duration.ofNanos(clock.nanos() - start)).isBetween(Duration.ofMillis(4500), Duration.ofMillis(5100));
    }

    @Test
    void a_slow_origin_is_not_cut_off_by_the_deadline_while_it_makes_progress() throws IOException {
        ByteRange large = new ByteRange(0, 5 << 20);
        origin.always(range -> new SlowChannel(ScriptedOrigin.bytes(range), clock, Duration.ofMillis(50)));
        long start = clock.nanos();
        assertThat(read(large, FetchReason.DEMAND)).isEqualTo(expected(large));
        assertThat(Duration.ofNanos(clock.nanos() - start)).isGreaterThan(Duration.ofSeconds(200));
        assertThat(origin.asked).hasSize(1);
    }

    @Test
    void gives_its_slot_back_however_a_read_ends() throws IOException {
        source.close();
        source = source(new OriginSettings(1, new ByteSize(0), Duration.ofSeconds(60), Duration.ofSeconds(10)));
        origin.then(ScriptedOrigin.failing(new OriginException.NotFound("gone")))
                .then(range -> {
                    throw new IllegalStateException("a defect of the store");
                });
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(OriginException.NotFound.class);
        assertThatThrownBy(() -> read(RANGE, FetchReason.DEMAND)).isInstanceOf(IllegalStateException.class);
        try (ReadableByteChannel abandoned = source.open(FILE, RANGE, FetchReason.DEMAND)) {
            assertThat(abandoned.read(ByteBuffer.allocate(10))).isPositive();
        }
        assertThat(read(RANGE, FetchReason.DEMAND)).isEqualTo(expected(RANGE));
    }

    @Test
    void refuses_versions_of_other_origins_and_ranges_outside_the_file() {
        assertThatThrownBy(() -> source.open(FILE, new ByteRange(9_999_999, 2), FetchReason.DEMAND))
                .isInstanceOf(IllegalArgumentException.class);
        FileVersion foreign = new FileVersion(MountId.of(URI.create("s3://other")), FILE.key(), 10, FILE.tag());
        assertThatThrownBy(() -> source.open(foreign, new ByteRange(0, 1), FetchReason.DEMAND))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record SlowChannel(ReadableByteChannel body, VirtualClock clock, Duration each)
            implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            clock.advance(each);
            return body.read(into);
        }

        @Override
        public boolean isOpen() {
            return body.isOpen();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private void standStill(OriginSettings settings) {
        source.close();
        clock = VirtualClock.standingStill();
        source = source(settings);
    }

    private OriginSource source(OriginSettings settings) {
        return new OriginSource(List.of(new OriginAccess(origin, settings)), meters, clock, () -> 42);
    }

    private byte[] read(ByteRange range, FetchReason reason) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) range.length() + 1);
        try (ReadableByteChannel channel = source.open(FILE, range, reason)) {
            while (channel.read(all) >= 0) {
                assertThat(all.limit()).isEqualTo(all.capacity());
            }
        }
        byte[] bytes = new byte[all.flip().remaining()];
        all.get(bytes);
        return bytes;
    }

    private static byte[] expected(ByteRange range) {
        byte[] bytes = new byte[(int) range.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ScriptedOrigin.byteAt(range.offset() + i);
        }
        return bytes;
    }

    private double count(String meter, FetchReason reason) {
        return meters.counter(
                        "headrace.origin." + meter,
                        "mount",
                        origin.mountId().value(),
                        "reason",
                        OriginMeters.tag(reason))
                .count();
    }

    /** As a socket: waits until it is closed. */
    private static int hang(ScriptedOrigin.BodyChannel body) throws IOException {
        while (body.isOpen()) {
            Thread.onSpinWait();
        }
        throw new AsynchronousCloseException();
    }

    private static ReadableByteChannel hangOpening() throws IOException {
        try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("nobody counts it down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OriginException.Unavailable("interrupted", e);
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().daemon().start(future);
        return future;
    }

    /** Lets time pass until the pauses before retries are over. */
    private <T> T untilDone(FutureTask<T> task) throws Exception {
        while (!task.isDone()) {
            clock.advance(Duration.ofMillis(10));
            LockSupport.parkNanos(500_000);
        }
        return task.get();
    }
}
