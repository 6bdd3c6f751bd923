package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.FrameChecksum;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker that became slow, before one that keeps the same blocks. */
final class HedgedReadsTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = ScriptedWorker.file(0);
    private static final ByteRange RANGE = new ByteRange(MIB, 2 * MIB);
    private static final PeerSettings PATIENT =
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(40), Duration.ofSeconds(45));

    private final CountDownLatch gate = new CountDownLatch(1);
    private ScriptedWorker slow;
    private ScriptedWorker quick;
    private WorkerConnections connections;

    @BeforeEach
    void start() throws IOException {
        slow = new ScriptedWorker("slow");
        quick = new ScriptedWorker("quick");
        connections = connections(Duration.ofMillis(20));
        becomeUsual();
    }

    private static WorkerConnections connections(Duration leastDelay) {
        return new WorkerConnections(
                PATIENT, () -> Bytes.EMPTY, Optional.empty(), new HedgeSettings(true, 100, leastDelay));
    }

    /** From then on the worker is known to answer soon; until then ten seconds are waited for it. */
    private void becomeUsual() throws IOException {
        for (int i = 0; i < Pace.ENOUGH; i++) {
            read();
        }
        assertThat(quick.asked).isEmpty();
        slow.asked.clear();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        connections.close();
        slow.close();
        quick.close();
    }

    @Test
    void a_read_that_waits_longer_than_usual_is_answered_by_the_second_worker() throws IOException {
        slow.reads((read, output) -> waitForTheGate());
        read();
        assertThat(reaches(slow)).containsExactly(Reach.ORIGIN);
        assertThat(reaches(quick)).containsExactly(Reach.CACHED);
        assertThat(connections.tally().hedgesSent()).isOne();
        assertThat(connections.tally().hedgesWon()).isOne();
    }

    @Test
    void a_copy_that_is_slow_is_helped_by_the_one_that_fetches() throws IOException {
        slow.reads((read, output) -> waitForTheGate());
        CheckedReads.read(
                source(new Stop(slow.worker(), Reach.CACHED), new Stop(quick.worker(), Reach.ORIGIN)),
                FILE,
                RANGE,
                MIB);
        assertThat(reaches(slow)).containsExactly(Reach.CACHED);
        assertThat(reaches(quick)).containsExactly(Reach.ORIGIN);
    }

    @Test
    void the_first_worker_is_read_on_when_the_second_keeps_nothing() throws IOException {
        quick.reads((read, output) -> ScriptedWorker.fail(output, read, Status.NOT_HERE));
        slow.reads((read, output) -> {
            await().atMost(Duration.ofSeconds(45)).until(() -> quick.count(Opcode.READ) == 1);
            ScriptedWorker.good(read, output);
        });
        read();
        assertThat(slow.count(Opcode.READ)).isOne();
        assertThat(connections.tally().hedgesSent()).isOne();
        assertThat(connections.tally().hedgesWon()).isZero();
    }

    @Test
    void a_worker_that_says_that_it_works_on_it_is_waited_for() throws Exception {
        connections.close();
        // Long enough for the word of progress to be heard on a busy machine.
        connections = connections(Duration.ofSeconds(2));
        becomeUsual();
        CountDownLatch asked = new CountDownLatch(1);
        slow.reads((read, output) -> {
            if (read.range().offset() == 0) {
                ScriptedWorker.send(output, ResponseHead.progress(read), new byte[0]);
                asked.countDown();
                waitForTheGate();
                ScriptedWorker.good(read, output);
            } else {
                waitForTheGate();
            }
        });
        CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> unchecked(new ByteRange(0, MIB)));
        assertThat(asked.await(45, TimeUnit.SECONDS)).isTrue();
        // Asked later, so its patience ends later than that of the read that is worked on.
        read();
        assertThat(quick.count(Opcode.READ)).isOne();
        gate.countDown();
        patient.get(45, TimeUnit.SECONDS);
        assertThat(quick.count(Opcode.READ)).isOne();
    }

    @Test
    void one_that_is_slower_three_times_in_a_row_is_asked_after_the_other() throws IOException {
        slow.reads((read, output) -> waitForTheGate());
        for (int i = 0; i < Breaker.FAILURES_IN_A_ROW; i++) {
            read();
        }
        for (int i = 0; i < 10; i++) {
            read();
        }
        assertThat(quick.count(Opcode.READ)).isEqualTo(Breaker.FAILURES_IN_A_ROW + 10);
        // And a probe or two, should the machine take so long.
        assertThat(slow.count(Opcode.READ)).isBetween(3L, 5L);
    }

    @Test
    void a_second_worker_that_said_it_has_too_much_to_do_is_left_alone() throws Exception {
        WorkerPool pool = connections.pool(quick.worker());
        WorkerStream.Asked asked =
                new WorkerStream.Asked(FILE, RANGE, new ReadTerms(FetchReason.DEMAND, Reach.CACHED, 256 << 10, 1000));
        pool.saidOverloaded();
        assertThat(new Rival(connections, pool, asked).ask()).isEmpty();
    }

    @Test
    void closing_the_channel_ends_a_read_that_waits_for_both() throws Exception {
        slow.reads((read, output) -> waitForTheGate());
        quick.reads((read, output) -> waitForTheGate());
        try (ReadableByteChannel channel = source().open(FILE, RANGE, FetchReason.DEMAND)) {
            CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    return new AssertionError("read " + channel.read(ByteBuffer.allocate(MIB)));
                } catch (IOException e) {
                    return e;
                }
            });
            await().atMost(Duration.ofSeconds(45)).until(() -> quick.count(Opcode.READ) == 1);
            channel.close();
            assertThat(outcome.get(45, TimeUnit.SECONDS)).isInstanceOf(AsynchronousCloseException.class);
        }
        gate.countDown();
    }

    /** The slow worker's bytes are others, with right checksums, so that one can see whose they are. */
    @Test
    void however_both_answer_a_read_is_of_one_worker_alone() throws IOException {
        Semaphore bothAsked = new Semaphore(0);
        quick.reads((read, output) -> {
            bothAsked.release();
            ScriptedWorker.good(read, output);
        });
        slow.reads((read, output) -> {
            waitFor(bothAsked);
            inverted(read, output);
        });
        for (int i = 0; i < 60; i++) {
            bothAsked.drainPermits();
            // Else it would be asked last.
            connections.pool(slow.worker()).promptness().answered();
            ByteBuffer buffer = ByteBuffer.allocate((int) RANGE.length());
            try (ReadableByteChannel channel = source().open(FILE, RANGE, FetchReason.DEMAND)) {
                while (buffer.hasRemaining()) {
                    assertThat(channel.read(buffer)).isPositive();
                }
            }
            byte[] expected = bytes(RANGE);
            if (buffer.get(0) != expected[0]) {
                invert(expected);
            }
            assertThat(buffer.array()).isEqualTo(expected);
        }
        assertThat(connections.tally().hedgesSent()).isPositive();
    }

    private static void inverted(BlockRequest.Read read, OutputStream output) throws IOException {
        int frame = read.terms().frameBytes();
        for (long at = read.range().offset(); at < read.range().end(); ) {
            ByteRange range = ByteRange.between(at, Math.min(read.range().end(), at / frame * frame + frame));
            byte[] payload = bytes(range);
            invert(payload);
            int crc = FrameChecksum.of(ByteBuffer.wrap(payload), 0, payload.length);
            ScriptedWorker.send(output, ResponseHead.data(read, at, payload.length, crc), payload);
            at = range.end();
        }
    }

    private static byte[] bytes(ByteRange range) {
        byte[] bytes = new byte[(int) range.length()];
        ScriptedWorker.bytes().fill(MemorySegment.ofArray(bytes), range.offset());
        return bytes;
    }

    private static void invert(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
    }

    private static void waitFor(Semaphore permit) throws IOException {
        try {
            if (!permit.tryAcquire(45, TimeUnit.SECONDS)) {
                throw new IOException("nobody asked the other");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void waitForTheGate() throws IOException {
        try {
            if (!gate.await(45, TimeUnit.SECONDS)) {
                throw new IOException("nobody opened the gate");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void read() throws IOException {
        CheckedReads.read(source(), FILE, RANGE, MIB);
    }

    private void unchecked(ByteRange range) {
        try {
            CheckedReads.read(source(), FILE, range, MIB);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RoutedSource source() {
        return source(new Stop(slow.worker(), Reach.ORIGIN), new Stop(quick.worker(), Reach.ORIGIN));
    }

    private RoutedSource source(Stop... stops) {
        List<Stop> route = List.of(stops);
        return new RoutedSource((version, block) -> route, connections, Optional.empty());
    }

    private static List<Reach> reaches(ScriptedWorker worker) {
        return worker.asked.stream()
                .filter(BlockRequest.Read.class::isInstance)
                .map(read -> ((BlockRequest.Read) read).terms().reach())
                .toList();
    }
}
