package io.headrace.worker.job;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.master.MasterServer;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.jobs.Jobs;
import io.headrace.master.jobs.JobsSettings;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.v1.JobsGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The jobs of a master without members or data sets, at a port of its own, and a connection to it that outlives it. */
final class TestMaster implements AutoCloseable {
    private final Path directory;
    private final Catalog catalog;
    private final ManagedChannel channel;
    private final int port;
    private Jobs jobs;
    private MasterServer server;

    TestMaster(Path directory) throws IOException {
        this.directory = directory;
        this.catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        this.jobs = openJobs();
        this.server = serve(jobs, 0);
        this.port = server.port();
        this.channel = MasterChannel.open(new Endpoint("127.0.0.1", port), InsecureChannelCredentials.create());
    }

    private Jobs openJobs() throws IOException {
        return Jobs.open(
                directory.resolve("jobs"),
                new JobsSettings(Duration.ofSeconds(1), 64, 1000),
                new Jobs.Surroundings(
                        catalog,
                        new NoViews(),
                        Clock.systemUTC(),
                        Ticker.systemTicker(),
                        FaultPoints.NONE,
                        new SimpleMeterRegistry()));
    }

    private static MasterServer serve(Jobs jobs, int port) throws IOException {
        return MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                List.of(jobs.service()));
    }

    private record NoViews() implements ClusterViews {
        @Override
        public ClusterView current() {
            return ClusterView.NONE;
        }

        @Override
        public List<ClusterView> earlier() {
            return List.of();
        }
    }

    void end() {
        server.close();
        jobs.close();
    }

    /** Another, with the disk of the one that ended. */
    void startAgain() throws IOException {
        jobs = openJobs();
        server = serve(jobs, port);
        channel.resetConnectBackoff();
    }

    ManagedChannel channel() {
        return channel;
    }

    JobsGrpc.JobsBlockingStub stub() {
        return JobsGrpc.newBlockingStub(channel).withWaitForReady().withDeadlineAfter(45, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        end();
        catalog.close();
        channel.shutdownNow();
    }
}
