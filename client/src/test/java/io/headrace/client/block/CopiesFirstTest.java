package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A near worker that may keep a copy, before the owner that fetches. */
final class CopiesFirstTest {
    private static final int MIB = 1 << 20;

    private ScriptedWorker near;
    private ScriptedWorker owner;
    private WorkerConnections connections;

    @BeforeEach
    void start() throws IOException {
        near = new ScriptedWorker("near");
        owner = new ScriptedWorker("owner");
        connections = new WorkerConnections(
                new PeerSettings(2, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
                () -> Bytes.EMPTY);
    }

    @AfterEach
    void stop() {
        connections.close();
        near.close();
        owner.close();
    }

    @Test
    void a_copy_is_read_and_the_owner_left_alone() throws IOException {
        read(40);
        assertThat(near.count(Opcode.READ)).isEqualTo(40);
        assertThat(owner.count(Opcode.READ)).isZero();
        assertThat(near.asked.stream()
                        .filter(BlockRequest.Read.class::isInstance)
                        .map(read -> ((BlockRequest.Read) read).terms().reach()))
                .containsOnly(Reach.CACHED);
    }

    @Test
    void who_keeps_no_copies_is_seldom_asked() throws IOException {
        near.reads((read, output) -> ScriptedWorker.fail(output, read, Status.NOT_HERE));
        read(100);
        assertThat(owner.count(Opcode.READ)).isEqualTo(100);
        assertThat(near.count(Opcode.READ)).isBetween(3L, 12L);
    }

    private void read(int times) throws IOException {
        RoutedSource source = new RoutedSource(
                (version, block) -> List.of(
                        new Stop(near.worker(), Reach.CACHED),
                        new Stop(owner.worker(), Reach.ORIGIN),
                        new Stop(near.worker(), Reach.ORIGIN)),
                connections,
                Optional.empty());
        for (int i = 0; i < times; i++) {
            CheckedReads.read(source, ScriptedWorker.file(0), new ByteRange((i % 60) * (long) MIB, 4096), MIB);
        }
    }
}
