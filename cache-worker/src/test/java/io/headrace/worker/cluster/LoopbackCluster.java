package io.headrace.worker.cluster;

import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.master.MasterServer;
import io.headrace.master.cluster.Cluster;
import io.headrace.master.cluster.ClusterSettings;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A master on this machine that may be restarted, and channels to it; closing ends all. */
final class LoopbackCluster implements AutoCloseable {
    private static final ClusterSettings QUICK =
            new ClusterSettings(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(6), 100, 100, 3);

    private final Path directory;
    private final Deque<ManagedChannel> channels = new ArrayDeque<>();
    private Cluster cluster;
    private MasterServer server;

    LoopbackCluster(Path directory) throws IOException {
        this.directory = directory;
        cluster = Cluster.open(directory, QUICK);
        server = serve(0);
    }

    private MasterServer serve(int port) throws IOException {
        return MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                List.of(cluster.service()));
    }

    Cluster cluster() {
        return cluster;
    }

    int port() {
        return server.port();
    }

    void stopMaster() {
        server.close();
        cluster.close();
    }

    /** On the port and the disk of the one before. */
    void startMaster() throws IOException {
        int port = server.port();
        cluster = Cluster.open(directory, QUICK);
        server = serve(port);
    }

    ManagedChannel channel() {
        ManagedChannel channel = channel(port());
        channels.push(channel);
        return channel;
    }

    static ManagedChannel channel(int port) {
        return MasterChannel.open(new Endpoint("127.0.0.1", port), InsecureChannelCredentials.create());
    }

    static LocalWorker worker(int number) {
        return new LocalWorker(
                new Endpoint("127.0.0.1", 7000 + number),
                new Topology("host-" + number, Optional.of("zone"), Optional.empty()),
                1 << 30,
                () -> List.of(new TierUsage("disk", 1 << 30, 1 << 20)));
    }

    @Override
    public void close() {
        stopMaster();
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
