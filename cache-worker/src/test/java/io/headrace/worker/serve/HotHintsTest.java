package io.headrace.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.Welcome;
import io.headrace.store.Residency;
import io.headrace.worker.demand.BlockDemand;
import io.headrace.worker.demand.HotBlockSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told that a block is hot, by a worker to which every block is. */
final class HotHintsTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = CountedOrigin.version("model", 4 * MIB);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private TestWorker worker;

    @BeforeEach
    void start() throws IOException {
        BlockDemand demand =
                new BlockDemand(new HotBlockSettings(new ByteSize(1), 2), new SimpleMeterRegistry(), System::nanoTime);
        worker = TestWorker.startHot("w1", directory, origin, demand);
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
    }

    @Test
    void a_client_hears_of_a_hot_block_only_when_the_worker_keeps_it() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> {
            if (offset >= 2 * MIB) {
                awaitOpen(gate);
            }
        });
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(7, FILE);
            client.next();
            assertThat(spreadOf(client, Reach.ORIGIN)).isZero();
            gate.countDown();
            awaitKept();
            assertThat(spreadOf(client, Reach.ORIGIN)).isOne();
        }
    }

    @Test
    void a_client_that_did_not_ask_for_hints_gets_none() throws IOException {
        try (RawClient client = new RawClient(worker.port())) {
            Hello old = new Hello(BlockProtocol.VERSION, BlockProtocol.VERSION, 0, Bytes.EMPTY);
            assertThat(client.greet(old))
                    .isInstanceOfSatisfying(
                            Welcome.Accepted.class,
                            accepted -> assertThat(accepted.features()).isZero());
            client.open(7, FILE);
            client.next();
            assertThat(spreadOf(client, Reach.ORIGIN)).isZero();
            awaitKept();
            assertThat(spreadOf(client, Reach.ORIGIN)).isZero();
        }
    }

    @Test
    void features_that_the_worker_does_not_know_are_not_agreed_on() throws IOException {
        try (RawClient client = new RawClient(worker.port())) {
            Hello newer = new Hello(BlockProtocol.VERSION, BlockProtocol.VERSION, -1, Bytes.EMPTY);
            assertThat(client.greet(newer))
                    .isInstanceOfSatisfying(
                            Welcome.Accepted.class,
                            accepted -> assertThat(accepted.features()).isEqualTo(BlockProtocol.FEATURES));
        }
    }

    @Test
    void a_peer_that_fills_itself_is_told_nothing() throws IOException {
        try (RawClient client = RawClient.greeted(worker.port())) {
            client.open(7, FILE);
            client.next();
            assertThat(spreadOf(client, Reach.ORIGIN)).isZero();
            awaitKept();
            assertThat(spreadOf(client, Reach.CACHED)).isZero();
        }
    }

    /** Of the first mebibyte. */
    private static int spreadOf(RawClient client, Reach reach) throws IOException {
        client.send(
                new BlockRequest.Read(1, 7, new ByteRange(0, MIB), new ReadTerms(FetchReason.DEMAND, reach, MIB, 0)));
        RawClient.Frame frame = client.next();
        assertThat(frame.head().payloadBytes()).isEqualTo(MIB);
        return frame.head().spread();
    }

    private void awaitKept() {
        await().until(() ->
                worker.store().residency(FILE).map(Residency::complete).orElse(false));
    }

    private static void awaitOpen(CountDownLatch gate) throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
