package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a client asks the origin itself, and when it does not. */
final class LastResortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final ByteRange RANGE = new ByteRange(1 << 20, 6 << 20);

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final List<Stop> stops = new ArrayList<>();
    private ScriptedWorker worker;
    private WorkerConnections connections;

    @BeforeEach
    void start() throws IOException {
        worker = new ScriptedWorker("worker");
        connections = connections(PATIENCE);
        stops.add(new Stop(worker.worker(), Reach.ORIGIN));
    }

    @AfterEach
    void stop() {
        connections.close();
        worker.close();
    }

    @Test
    void a_worker_that_answers_is_not_passed_over() throws IOException {
        read(allowed());
        assertThat(origin.given).hasValue(0);
        assertThat(connections.tally().originBytes()).isZero();
    }

    @Test
    void without_a_worker_each_byte_comes_from_the_origin_and_is_counted_once() throws IOException {
        stops.clear();
        read(allowed());
        assertThat(origin.given).hasValue(RANGE.length());
        assertThat(connections.tally().originBytes()).isEqualTo(RANGE.length());
        assertThat(connections.tally().bytes()).isZero();
    }

    @Test
    void what_a_worker_gave_before_it_went_is_not_asked_of_the_origin() throws IOException {
        worker.reads((read, output) -> {
            ScriptedWorker.send(output, read, new ByteRange(read.range().offset(), 64 << 10), 0);
            throw new EOFException("scripted");
        });
        read(allowed());
        assertThat(connections.tally().bytes()).isPositive();
        assertThat(connections.tally().originBytes() + connections.tally().bytes())
                .isEqualTo(RANGE.length());
        assertThat(origin.given).hasValue(connections.tally().originBytes());
    }

    @Test
    void a_worker_that_says_nothing_is_passed_over_after_its_stall_timeout() throws IOException {
        connections.close();
        connections = new WorkerConnections(
                new PeerSettings(2, PATIENCE, Duration.ofMillis(300), PATIENCE), () -> Bytes.EMPTY);
        CountDownLatch over = new CountDownLatch(1);
        worker.reads((read, output) -> awaitEnd(over));
        try {
            read(allowed());
        } finally {
            over.countDown();
        }
        assertThat(origin.given).hasValue(RANGE.length());
    }

    @Test
    void a_worker_that_comes_back_is_asked_again() throws IOException {
        worker.reads((read, output) -> {
            throw new EOFException("scripted");
        });
        // More than the breaker takes: from then on nobody asks the worker but its probes.
        for (int i = 0; i < 2 * Breaker.FAILURES_IN_A_ROW; i++) {
            read(allowed());
        }
        assertThat(connections.failingWorkers()).isOne();
        assertThat(connections.tally().bytes()).isZero();

        worker.reads(ScriptedWorker::good);
        await().atMost(PATIENCE).until(() -> {
            long before = origin.given.get();
            read(allowed());
            return origin.given.get() == before;
        });
        assertThat(connections.tally().bytes()).isPositive();
    }

    @Test
    void a_worker_without_room_is_waited_for() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        worker.reads((read, output) -> {
            if (full.getAndSet(false)) {
                ScriptedWorker.fail(output, read, Status.OVERLOADED);
            } else {
                ScriptedWorker.good(read, output);
            }
        });
        read(allowed());
        assertThat(full).isFalse();
        assertThat(origin.given).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "VERSION_NOT_SPOKEN"})
    void workers_that_do_not_let_the_client_in_are_not_passed_over(Status status) {
        worker.greets(new Welcome.Refused(Failure.of(status, "not you")));
        assertThatThrownBy(() -> read(allowed()))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("not you");
        assertThat(origin.given).hasValue(0);
    }

    @Test
    void a_peer_without_room_that_would_not_fetch_is_passed_over() throws IOException {
        stops.set(0, new Stop(worker.worker(), Reach.CACHED));
        worker.reads((read, output) -> ScriptedWorker.fail(output, read, Status.OVERLOADED));
        read(allowed());
        assertThat(origin.given).hasValue(RANGE.length());
        assertThat(worker.count(Opcode.READ)).isPositive();
    }

    @Test
    void an_object_that_changed_is_told_and_gives_no_bytes() {
        stops.clear();
        origin.fails(new OriginException.VersionChanged("replaced"));
        assertThatThrownBy(() -> read(allowed()))
                .isInstanceOf(OriginException.VersionChanged.class)
                .hasMessage("replaced");
        assertThat(connections.tally().originBytes()).isZero();
    }

    @Test
    void who_may_not_ask_the_origin_is_told_whom_was_asked_and_what_would_help() {
        connections.close();
        connections = connections(Duration.ofSeconds(1));
        worker.reads((read, output) -> {
            throw new EOFException("scripted");
        });
        assertThatThrownBy(() -> read(source().with(new LastResort(Optional.empty(), "allow --origin-fallback"))))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("worker (")
                .hasMessageEndingWith("allow --origin-fallback");
    }

    private static void awaitEnd(CountDownLatch over) throws IOException {
        try {
            if (!over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new EOFException("nobody ended the test");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    private RoutedSource allowed() {
        return source().with(new LastResort(Optional.of(origin)));
    }

    private RoutedSource source() {
        List<Stop> now = List.copyOf(stops);
        return new RoutedSource((version, block) -> now, connections, Optional.empty());
    }

    private static void read(RoutedSource source) throws IOException {
        CheckedReads.read(source, ScriptedWorker.file(0), RANGE, 1 << 20);
    }

    private static WorkerConnections connections(Duration deadline) {
        return new WorkerConnections(new PeerSettings(2, PATIENCE, PATIENCE, deadline), () -> Bytes.EMPTY);
    }
}
