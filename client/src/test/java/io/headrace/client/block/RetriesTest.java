package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that answer, but not with bytes: no breaker keeps readers from them. */
final class RetriesTest {
    private static final ByteRange SOME = new ByteRange(0, 4096);

    private ScriptedWorker refusing;
    private ScriptedWorker good;
    private WorkerConnections connections;

    @BeforeEach
    void start() throws IOException {
        refusing = new ScriptedWorker("refusing");
        good = new ScriptedWorker("good");
        refusing.reads((read, output) -> ScriptedWorker.fail(output, read, Status.OVERLOADED));
        connections = connections(Duration.ofSeconds(45));
    }

    @AfterEach
    void stop() {
        connections.close();
        refusing.close();
        good.close();
    }

    @Test
    void a_retry_is_made_at_once_while_there_are_few() throws IOException {
        for (int i = 0; i < 20; i++) {
            read(refusing, good);
        }
        assertThat(connections.tally().requests()).isEqualTo(40);
        assertThat(connections.tally().retries()).isEqualTo(20);
        assertThat(connections.tally().retriesDelayed()).isZero();
    }

    @Test
    void too_many_retries_are_put_off_and_are_made_nevertheless() throws IOException {
        int reads = 150;
        for (int i = 0; i < reads; i++) {
            read(refusing, good);
        }
        assertThat(good.count(Opcode.READ)).isEqualTo(reads);
        assertThat(connections.tally().retries()).isEqualTo(reads);
        // 64 and 15 in a hundred of them were free, and ten in each second that the reads took.
        assertThat(connections.tally().retriesDelayed()).isBetween(1L, 64L);
    }

    @Test
    void to_hear_that_a_worker_keeps_nothing_makes_no_retry_of_asking_the_next() throws IOException {
        refusing.reads((read, output) -> ScriptedWorker.fail(output, read, Status.NOT_HERE));
        for (int i = 0; i < 150; i++) {
            read(refusing, good);
        }
        assertThat(connections.tally().retries()).isZero();
    }

    @Test
    void what_was_put_off_ends_at_the_deadline() {
        connections.close();
        connections = connections(Duration.ofSeconds(2));
        assertThatThrownBy(() -> read(refusing)).isInstanceOf(OriginException.Unavailable.class);
        // The pauses before rounds double up to a second.
        assertThat(refusing.count(Opcode.READ)).isLessThan(15);
    }

    @Test
    void bytes_are_counted() throws IOException {
        read(good);
        assertThat(connections.tally().bytes()).isEqualTo(SOME.length());
        assertThat(connections.tally().requests()).isOne();
    }

    private static WorkerConnections connections(Duration deadline) {
        return new WorkerConnections(
                new PeerSettings(2, Duration.ofSeconds(30), Duration.ofSeconds(30), deadline), () -> Bytes.EMPTY);
    }

    private void read(ScriptedWorker... workers) throws IOException {
        List<Stop> stops = Arrays.stream(workers)
                .map(worker -> new Stop(worker.worker(), Reach.ORIGIN))
                .toList();
        CheckedReads.read(
                new RoutedSource((version, block) -> stops, connections, Optional.empty()),
                ScriptedWorker.file(0),
                SOME,
                1 << 20);
    }
}
