package io.headrace.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.cluster.WatchedViews;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.store.Residency;
import io.headrace.worker.drain.Drain;
import io.headrace.worker.drain.DrainSettings;
import io.headrace.worker.drain.HandOver;
import io.headrace.worker.drain.HandOverTally;
import io.headrace.worker.drain.HandOverTally.Outcome;
import io.headrace.worker.drain.MasterSurvey;
import io.headrace.worker.peer.PeerSource;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are members of a cluster with a master, of which one drains. */
final class DrainIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final FileVersion FILE = CountedOrigin.version("model", 15L * Blocks.BLOCK_BYTES + 5);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);
    private final List<MemberWorker> members = new ArrayList<>();
    private LoopbackCluster cluster;
    private WatchedViews views;

    /** A worker with its place in the cluster, and what it needs to drain. */
    private record MemberWorker(
            TestWorker worker,
            Registration registration,
            PeerSource source,
            Neighbourhood neighbourhood,
            HandOverTally tally) {
        long keptBytes() {
            return worker.store().residency(FILE).map(Residency::uniqueBytes).orElse(0L);
        }
    }

    @BeforeEach
    void start() throws Exception {
        cluster = new LoopbackCluster(directory.resolve("master"));
        views = WatchedViews.start(cluster.channel(), new Random(1));
    }

    @AfterEach
    void stop() throws IOException {
        members.forEach(member -> member.registration().close());
        for (MemberWorker member : members) {
            member.worker().close();
        }
        connections.close();
        views.close();
        cluster.close();
    }

    @Test
    void a_worker_that_drains_leaves_and_its_blocks_stay_with_the_others() throws Exception {
        for (int number = 1; number <= 3; number++) {
            join("worker-" + number);
        }
        awaitActive(3);
        read();
        long before = origin.givenBytes();
        assertThat(before).isEqualTo(FILE.lengthBytes());
        MemberWorker leaving = members.getFirst();
        long kept = leaving.keptBytes();
        assertThat(kept).isPositive();

        assertThat(drain(leaving).run(PATIENCE)).isEqualTo(Drain.End.DONE);
        assertThat(leaving.tally().bytes(Outcome.HANDED_OVER)).isEqualTo(kept);
        await().atMost(PATIENCE).until(() -> views.current().workers().size() == 2);
        leaving.worker().stopServing();
        read();
        assertThat(origin.givenBytes()).isEqualTo(before);
    }

    @Test
    void a_drain_whose_time_is_over_ends_the_membership_all_the_same() throws Exception {
        join("worker-1");
        join("worker-2");
        awaitActive(2);
        read();
        MemberWorker leaving = members.getFirst();
        members.getLast().worker().stopServing();
        assertThat(drain(leaving).run(Duration.ofSeconds(2))).isEqualTo(Drain.End.INCOMPLETE);
        assertThat(leaving.tally().blocks(Outcome.HANDED_OVER)).isZero();
        await().atMost(PATIENCE)
                .until(() ->
                        views.current().worker(leaving.neighbourhood().self()).isEmpty());
    }

    @Test
    void the_last_worker_does_not_drain() throws Exception {
        join("worker-1");
        awaitActive(1);
        assertThat(drain(members.getFirst()).run(PATIENCE)).isEqualTo(Drain.End.NOBODY_ELSE);
        assertThat(views.current().workers()).hasSize(1);
        assertThat(views.current().workers().getFirst().state()).isEqualTo(WorkerState.ACTIVE);
    }

    private Drain drain(MemberWorker member) {
        HandOver.Parts parts =
                new HandOver.Parts(member.worker().store(), member.source(), member.neighbourhood(), connections);
        return new Drain(
                member.registration(),
                member.neighbourhood(),
                new HandOver(parts, DrainSettings.defaults(), member.tally()),
                new MasterSurvey(cluster.channel()));
    }

    private void join(String name) throws IOException {
        WorkerIdentity identity = WorkerIdentity.open(directory.resolve(name + ".id"));
        Neighbourhood neighbourhood = new Neighbourhood(identity.id(), views, new RendezvousPlacement(), 1);
        PeerSource source = new PeerSource(neighbourhood, connections, origin);
        TestWorker worker = TestWorker.start(name, directory, source);
        LocalWorker self = new LocalWorker(
                new Endpoint("127.0.0.1", worker.port()),
                new Topology(name, Optional.empty(), Optional.empty()),
                128 << 20,
                () -> List.of(new TierUsage("disk", 128 << 20, 0)));
        Registration registration = Registration.start(cluster.channel(), identity, self, new Random(members.size()));
        members.add(new MemberWorker(
                worker, registration, source, neighbourhood, new HandOverTally(new SimpleMeterRegistry())));
    }

    private void awaitActive(int count) {
        await().atMost(PATIENCE)
                .until(() -> views.current().workers().stream()
                                .filter(worker -> worker.state() == WorkerState.ACTIVE)
                                .count()
                        == count);
    }

    /** Reads and compares the whole file through the workers; returns when all that came is kept. */
    private void read() throws IOException {
        ClusterSource source = new ClusterSource(
                new ClusterSource.Cluster(views, new RendezvousPlacement(), 1), connections, Optional.empty());
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long position = 0;
        try (ReadableByteChannel channel =
                source.open(FILE, new ByteRange(0, FILE.lengthBytes()), FetchReason.DEMAND)) {
            while (position < FILE.lengthBytes()) {
                int count = channel.read(buffer.clear());
                assertThat(count).isPositive();
                assertThat(CountedOrigin.bytesOf(FILE).firstWrong(MemorySegment.ofBuffer(buffer.flip()), position))
                        .isEmpty();
                position += count;
            }
        }
        await().atMost(PATIENCE)
                .until(() -> members.stream().mapToLong(MemberWorker::keptBytes).sum() >= FILE.lengthBytes());
    }
}
