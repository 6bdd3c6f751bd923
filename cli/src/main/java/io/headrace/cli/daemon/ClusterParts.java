package io.headrace.cli.daemon;

import io.grpc.ManagedChannel;
import io.headrace.cli.caches.OwnCaches;
import io.headrace.cli.process.OpenParts;
import io.headrace.cli.process.PeerMeters;
import io.headrace.cli.security.Security;
import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.cluster.WatchedViews;
import io.headrace.client.local.NodeStores;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.client.names.SubtreeNamespace;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.store.BlockStore;
import io.headrace.store.TieredBlockStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Of a mount whose names and bytes come from a cluster; what it reads is kept on this machine, too. */
record ClusterParts(
        DataSet dataSet,
        WatchedViews views,
        Namespace namespace,
        RangeSource source,
        BlockStore store,
        MeterRegistry meters,
        OpenParts opened)
        implements NodeParts {
    private static final Duration FIRST_VIEW = Duration.ofSeconds(5);

    static ClusterParts open(MountPlan plan, MasterEndpoints master, FaultPoints faults, MeterRegistry meters)
            throws IOException {
        OpenParts opened = new OpenParts();
        try {
            Security security = Security.open(plan.settings());
            opened.add(security::close);
            return open(
                    plan,
                    MasterChannel.open(master, security.towardsMaster()),
                    new Open(opened, security, faults, meters));
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    /** What all parts are opened with. */
    private record Open(OpenParts parts, Security security, FaultPoints faults, MeterRegistry meters) {}

    private static ClusterParts open(MountPlan plan, ManagedChannel master, Open open) throws IOException {
        OpenParts parts = open.parts();
        parts.add(master::shutdownNow);
        SecureRandom random = new SecureRandom();
        Optional<Duration> staleness = Optional.of(plan.settings())
                .filter(settings -> settings.says("mount.staleness"))
                .map(settings -> settings.mount().staleness());
        DataSet dataSet = new DataSetChoice(master, plan.originOptions(), staleness)
                .choose(plan.origins().getFirst().uri().toString());
        BlockStore store = TieredBlockStore.open(plan.storeSettings(), open.faults(), open.meters(), System::nanoTime);
        parts.add(store::close);
        OwnCaches.used(plan.settings().store().directory(), plan.source());
        WatchedViews views = WatchedViews.start(master, random);
        parts.add(views::close);
        WorkerConnections connections = new WorkerConnections(
                plan.settings().peer(),
                open.security().token(),
                open.security().tls(),
                plan.settings().hedge());
        parts.add(connections::close);
        PeerMeters.of(connections, open.meters());
        Optional<NodeStores> near =
                NearStores.open(plan.settings().local(), views, open.security().token(), open.meters());
        near.ifPresent(stores -> parts.add(stores::close));
        ClusterSource cluster = new ClusterSource(
                new Cluster(
                        views,
                        new RendezvousPlacement(),
                        plan.settings().placement().replicas()),
                plan.settings().affinity().standpoint(random),
                connections,
                near);
        RangeSource source = OriginFallback.behind(
                cluster, new OriginFallback.Means(plan, dataSet, connections.tally(), open.meters()), parts);
        RemoteNamespace names = RemoteNamespace.over(master, plan.settings().names());
        parts.add(names::close);
        SubtreeNamespace shown = SubtreeNamespace.of(names, path(dataSet), Clock.systemUTC());
        parts.add(shown::close);
        boolean _ = awaitView(views);
        return new ClusterParts(dataSet, views, shown, source, store, open.meters(), parts);
    }

    private static List<EntryName> path(DataSet dataSet) {
        return Arrays.stream(dataSet.getPath().split("/")).map(EntryName::of).toList();
    }

    private static boolean awaitView(WatchedViews views) throws IOException {
        try {
            return views.awaitFirst(FIRST_VIEW);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the cluster's view was awaited", e);
        }
    }

    @Override
    public List<OriginStatus> originStatus() {
        String members = views.current().workers().size() + " workers, "
                + (views.isConnected() ? "master connected" : "master away");
        return List.of(OriginStatus.newBuilder()
                .setSubdirectory(dataSet.getPath())
                .setUri(dataSet.getUri())
                .setCluster(members)
                .build());
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
