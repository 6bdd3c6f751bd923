package io.headrace.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.headrace.worker.demand.BlockDemand;
import io.headrace.worker.demand.HotBlockSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A real store behind a real server on a port of 127.0.0.1. Closing it looks for what was not given back. */
public final class TestWorker implements AutoCloseable {
    private final TieredBlockStore store;
    private final CountingStore counting;
    private final BlockServer server;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final String name;

    /** What may differ between tests. */
    record Kind(
            BlockServerSettings settings,
            Authorizer authorizer,
            Transport transport,
            Optional<TlsIdentity> tls,
            BlockDemand demand) {
        Kind(BlockServerSettings settings, Authorizer authorizer, Transport transport) {
            this(settings, authorizer, transport, Optional.empty());
        }

        Kind(BlockServerSettings settings, Authorizer authorizer, Transport transport, Optional<TlsIdentity> tls) {
            this(
                    settings,
                    authorizer,
                    transport,
                    tls,
                    new BlockDemand(HotBlockSettings.defaults(), new SimpleMeterRegistry(), System::nanoTime));
        }

        static Kind usual() {
            return new Kind(BlockServerSettings.defaults(), Authorizer.loopbackOnly(), Transport.best());
        }

        Kind with(BlockServerSettings others) {
            return new Kind(others, authorizer, transport, tls, demand);
        }
    }

    TestWorker(String name, Path directory, RangeSource source, Kind kind) throws IOException {
        this.name = name;
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        directory.resolve(name), Optional.of(ByteSize.ofMebibytes(128)), Optional.of(new ByteSize(0)));
        this.store = TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
        this.counting = new CountingStore(store);
        this.server = BlockServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ServeParts(
                        counting.counted(),
                        source,
                        kind.authorizer(),
                        kind.settings(),
                        meters,
                        kind.tls(),
                        kind.demand()),
                kind.transport());
    }

    public static TestWorker start(String name, Path directory, RangeSource source) throws IOException {
        return new TestWorker(name, directory, source, Kind.usual());
    }

    public static TestWorker startSecure(
            String name, Path directory, RangeSource source, TlsIdentity identity, Authorizer authorizer)
            throws IOException {
        return new TestWorker(
                name,
                directory,
                source,
                new Kind(BlockServerSettings.defaults(), authorizer, Transport.best(), Optional.of(identity)));
    }

    /** One that judges by this what is hot. */
    public static TestWorker startHot(String name, Path directory, RangeSource source, BlockDemand demand)
            throws IOException {
        return new TestWorker(
                name,
                directory,
                source,
                new Kind(
                        BlockServerSettings.defaults(),
                        Authorizer.loopbackOnly(),
                        Transport.best(),
                        Optional.empty(),
                        demand));
    }

    /** What it gave to whoever asked. */
    public long servedBytes() {
        return (long) meters.counter("headrace.serve.bytes").count();
    }

    public int port() {
        return server.port();
    }

    public Worker worker() {
        return workerAt(name, port());
    }

    public static Worker workerAt(String name, int port) {
        return new Worker(
                new WorkerId(name),
                new Endpoint("127.0.0.1", port),
                new Topology(name, Optional.empty(), Optional.empty()),
                1,
                WorkerState.ACTIVE);
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    public TieredBlockStore store() {
        return store;
    }

    long pinnedBytes() {
        return counting.pinnedBytes.get();
    }

    long peakPinnedBytes() {
        return counting.peakPinnedBytes.get();
    }

    /** How many files clients ever opened here. */
    public long openedFiles() {
        return counting.openedFiles.get();
    }

    long openFiles() {
        return counting.openFiles.get();
    }

    /** No longer serves; the store stays. */
    public void stopServing() {
        server.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            await().untilAsserted(() -> {
                assertThat(pinnedBytes()).as("bytes that are still pinned").isZero();
                assertThat(openFiles()).as("files that are still open").isZero();
                assertThat(meters.get("headrace.serve.pinned.bytes").gauge().value())
                        .isZero();
                assertThat(meters.get("headrace.serve.files").gauge().value()).isZero();
            });
        } finally {
            store.close();
        }
    }
}
