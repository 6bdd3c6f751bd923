package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that does not keep to the protocol, before one that does. */
final class RoutedSourceTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = ScriptedWorker.file(0);
    private static final ByteRange RANGE = new ByteRange(0, 4 * MIB);
    private static final byte[] NOTHING = {};

    /** After these the worker is asked once more, to repair what it keeps. */
    private static final Set<Misbehaviour> DAMAGED = EnumSet.of(Misbehaviour.NO_END, Misbehaviour.A_WRONG_CHECKSUM);

    private ScriptedWorker bad;
    private ScriptedWorker good;
    private WorkerConnections connections;

    /** What a worker answers to a READ instead of its bytes. */
    enum Misbehaviour {
        ANOTHER_ID((read, output) -> ScriptedWorker.good(
                new BlockRequest.Read(read.id() + 1, read.file(), read.range(), read.terms()), output)),
        ANOTHER_OPCODE((read, output) ->
                ScriptedWorker.send(output, ResponseHead.done(new BlockRequest.Ping(read.id())), NOTHING)),
        ANOTHER_OFFSET((read, output) -> ScriptedWorker.send(output, read, new ByteRange(0, 1000), 1)),
        BYTES_OF_ANOTHER_PLACE((read, output) -> {
            ScriptedWorker.send(output, read, new ByteRange(0, 1000), 0);
            ScriptedWorker.send(output, read, new ByteRange(2000, 1000), 0);
        }),
        LONGER_FRAMES((read, output) ->
                ScriptedWorker.send(output, read, new ByteRange(0, read.terms().frameBytes() + 1), 0)),
        THE_END_TOO_EARLY((read, output) -> ScriptedWorker.send(
                output, new ResponseHead(Opcode.READ, true, Status.OK, 0, read.id(), 0, 0), NOTHING)),
        NO_END((read, output) -> {
            for (long at = 0; at < read.range().length(); at += 64 << 10) {
                ResponseHead last = new ResponseHead(Opcode.READ, false, Status.OK, 64 << 10, read.id(), at, 0);
                ScriptedWorker.send(output, last, new byte[64 << 10]);
            }
        }),
        A_WRONG_CHECKSUM((read, output) -> ScriptedWorker.send(
                output, new ResponseHead(Opcode.READ, false, Status.OK, 10, read.id(), 0, 1), new byte[10])),
        NOISE((read, output) -> output.write(new byte[1000])),
        AN_END_IN_THE_HEAD((read, output) -> {
            output.write(new byte[7]);
            throw new IOException("scripted");
        }),
        AN_END_IN_THE_PAYLOAD((read, output) -> {
            ByteBuffer head = ByteBuffer.allocate(ResponseHead.BYTES);
            ResponseHead.data(read, 0, 10_000, 0).encode(head);
            output.write(head.array());
            output.write(new byte[50]);
            throw new IOException("scripted");
        }),
        SHUTTING_DOWN((read, output) -> ScriptedWorker.fail(output, read, Status.SHUTTING_DOWN)),
        OVERLOADED((read, output) -> ScriptedWorker.fail(output, read, Status.OVERLOADED)),
        NOT_HERE((read, output) -> ScriptedWorker.fail(output, read, Status.NOT_HERE)),
        WORKER_FAILED((read, output) -> ScriptedWorker.fail(output, read, Status.WORKER_FAILED)),
        A_FAILURE_IN_THE_MIDDLE((read, output) -> {
            ScriptedWorker.send(output, read, new ByteRange(0, 4096), 0);
            ScriptedWorker.fail(output, read, Status.DEADLINE_PASSED);
        });

        private final ScriptedWorker.Script script;

        Misbehaviour(ScriptedWorker.Script script) {
            this.script = script;
        }
    }

    @BeforeEach
    void start() throws IOException {
        bad = new ScriptedWorker("bad");
        good = new ScriptedWorker("good");
        connections = connections(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        connections.close();
        bad.close();
        good.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_next_worker_is_asked_and_no_byte_is_wrong(Misbehaviour misbehaviour) throws IOException {
        bad.reads(misbehaviour.script);
        CheckedReads.read(source(bad, good), FILE, RANGE, 256 << 10);
        assertThat(bad.count(Opcode.READ)).isEqualTo(DAMAGED.contains(misbehaviour) ? 2 : 1);
        assertThat(good.count(Opcode.READ)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_wrong_for_small_buffers_either(Misbehaviour misbehaviour) throws IOException {
        bad.reads(misbehaviour.script);
        CheckedReads.read(source(bad, good), FILE, RANGE, 999);
    }

    @ParameterizedTest
    @EnumSource(names = {"VERSION_NOT_SPOKEN", "UNAUTHORIZED", "OVERLOADED", "SHUTTING_DOWN"})
    void a_worker_that_refuses_the_connection_is_followed_by_the_next(Status status) throws IOException {
        bad.greets(new Welcome.Refused(Failure.of(status, "as scripted")));
        CheckedReads.read(source(bad, good), FILE, RANGE, MIB);
        assertThat(bad.connections).isNotEmpty();
    }

    @Test
    void refusals_for_good_are_no_reason_to_try_again() {
        bad.greets(new Welcome.Refused(Failure.of(Status.UNAUTHORIZED, "who are you?")));
        good.greets(new Welcome.Refused(Failure.of(Status.VERSION_NOT_SPOKEN, "version 9 only")));
        assertThatThrownBy(() -> CheckedReads.read(source(bad, good), FILE, RANGE, MIB))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("who are you?")
                .hasMessageContaining("version 9 only");
    }

    @Test
    void an_open_that_is_refused_leaves_the_connection_for_the_next_read() throws IOException {
        bad.refusesToOpen(Failure.of(Status.UNAUTHORIZED, "not this mount"));
        CheckedReads.read(source(bad, good), FILE, RANGE, MIB);
        CheckedReads.read(source(bad, good), ScriptedWorker.file(1), RANGE, MIB);
        assertThat(bad.connections).hasSize(1);
        assertThat(bad.count(Opcode.OPEN)).isEqualTo(2);
    }

    @Test
    void a_worker_that_works_for_ever_is_left_at_the_deadline() throws IOException {
        connections.close();
        connections = connections(Duration.ofSeconds(2));
        bad.reads(RoutedSourceTest::progressForEver);
        assertThatThrownBy(() -> CheckedReads.read(source(bad), FILE, RANGE, MIB))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("deadline");
    }

    @Test
    void a_worker_that_keeps_failing_is_not_asked_by_every_reader() throws IOException {
        bad.reads(Misbehaviour.NOISE.script);
        for (int i = 0; i < 20; i++) {
            CheckedReads.read(source(bad, good), FILE, new ByteRange(0, 1000), MIB);
        }
        // Three, and a probe for each half second, second, two that the machine may have taken.
        assertThat(bad.count(Opcode.READ)).isBetween(3L, 10L);
        assertThat(good.count(Opcode.READ)).isEqualTo(20);
    }

    @Test
    void blocks_of_one_route_are_one_request_up_to_what_a_read_may_ask() throws IOException {
        CheckedReads.read(source(good), FILE, new ByteRange(MIB, 20 * MIB), MIB);
        assertThat(good.asked.stream()
                        .filter(BlockRequest.Read.class::isInstance)
                        .map(read -> ((BlockRequest.Read) read).range()))
                .containsExactly(
                        ByteRange.between(MIB, 8 * MIB),
                        ByteRange.between(8 * MIB, 16 * MIB),
                        ByteRange.between(16 * MIB, 21 * MIB));
    }

    @Test
    void a_file_stays_open_on_its_connection() throws IOException {
        for (int i = 0; i < 5; i++) {
            CheckedReads.read(source(good), FILE, new ByteRange((long) i * MIB, 1000), MIB);
        }
        assertThat(good.connections).hasSize(1);
        assertThat(good.count(Opcode.OPEN)).isOne();
    }

    @Test
    void the_file_not_read_for_longest_is_closed_to_make_room() throws IOException {
        good.greets(new Welcome.Accepted(1, 0, 2, 16));
        for (int file : new int[] {0, 1, 0, 2, 0, 1}) {
            CheckedReads.read(source(good), ScriptedWorker.file(file), new ByteRange(0, 1000), MIB);
        }
        assertThat(good.count(Opcode.OPEN)).isEqualTo(4);
        assertThat(good.count(Opcode.CLOSE)).isEqualTo(2);
    }

    @Test
    void a_channel_that_is_left_in_the_middle_gives_its_turn_back() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (ReadableByteChannel channel = source(good).open(FILE, RANGE, FetchReason.DEMAND)) {
                assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(10);
            }
        }
        await().until(() -> good.connections.size() == 10);
        CheckedReads.read(source(good), FILE, RANGE, MIB);
    }

    private static void progressForEver(BlockRequest.Read read, OutputStream output) throws IOException {
        while (true) {
            ScriptedWorker.send(output, ResponseHead.progress(read), NOTHING);
        }
    }

    private RoutedSource source(ScriptedWorker... workers) {
        List<Stop> stops = Arrays.stream(workers)
                .map(worker -> new Stop(worker.worker(), Reach.ORIGIN))
                .toList();
        return new RoutedSource((version, block) -> stops, connections, Optional.empty());
    }

    private static WorkerConnections connections(Duration deadline) {
        return new WorkerConnections(
                new PeerSettings(2, Duration.ofSeconds(30), Duration.ofSeconds(30), deadline), () -> Bytes.EMPTY);
    }
}
