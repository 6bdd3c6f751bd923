package io.headrace.cli.worker;

import io.grpc.ManagedChannel;
import io.headrace.cli.caches.OwnCaches;
import io.headrace.cli.process.Condition;
import io.headrace.cli.process.ConditionServer;
import io.headrace.cli.process.OpenParts;
import io.headrace.cli.process.PeerMeters;
import io.headrace.cli.security.Security;
import io.headrace.cli.settings.Settings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.cluster.WatchedViews;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.store.BlockStore;
import io.headrace.store.TieredBlockStore;
import io.headrace.worker.WorkerSettings;
import io.headrace.worker.cluster.LocalWorker;
import io.headrace.worker.cluster.Registration;
import io.headrace.worker.cluster.RegistrationState;
import io.headrace.worker.cluster.WorkerIdentity;
import io.headrace.worker.dataset.DataSetOrigins;
import io.headrace.worker.dataset.KeptDataSets;
import io.headrace.worker.dataset.MasterDataSets;
import io.headrace.worker.dataset.QuotaShares;
import io.headrace.worker.demand.BlockDemand;
import io.headrace.worker.drain.Drain;
import io.headrace.worker.drain.HandOver;
import io.headrace.worker.drain.HandOverTally;
import io.headrace.worker.drain.MasterSurvey;
import io.headrace.worker.job.JobPlace;
import io.headrace.worker.job.JobRunner;
import io.headrace.worker.local.LocalParts;
import io.headrace.worker.peer.PeerSource;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.pin.KeptPins;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.BlockServer;
import io.headrace.worker.serve.ServeParts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** The parts of a worker: its store, where it gets blocks, whom it serves them, and its place in the cluster. */
final class WorkerNode implements Closeable {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final SecureRandom random = new SecureRandom();
    private final OpenParts parts = new OpenParts();
    private volatile Optional<Registration> registration = Optional.empty();
    private volatile Optional<WorkerDrain> drain = Optional.empty();
    private volatile Optional<JobRunner> jobs = Optional.empty();
    private volatile boolean stopping;

    private WorkerNode() {}

    /** @param askEnd called when the worker is to drain and end: its closing does both */
    static WorkerNode start(Settings settings, FaultPoints faults, Runnable askEnd) throws IOException {
        WorkerNode node = new WorkerNode();
        try {
            node.open(settings, faults, askEnd);
            return node;
        } catch (IOException | RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    private void open(Settings settings, FaultPoints faults, Runnable askEnd) throws IOException {
        WorkerSettings own = settings.worker();
        Security security = Security.open(settings);
        parts.add(security::close);
        settings.tls().requireSafe("worker", own.listen(), own.allowPlaintext());
        if (own.http().isPresent()) {
            parts.add(ConditionServer.start(own.http().get(), meters, this::condition)::close);
        }
        Path directory = Files.createDirectories(settings.store().directory());
        BlockStore store = TieredBlockStore.open(OwnCaches.placed(settings.store()), faults, meters, System::nanoTime);
        parts.add(store::close);
        WorkerIdentity identity = WorkerIdentity.open(directory.resolve("worker"));
        ManagedChannel master = MasterChannel.open(own.master(), security.towardsMaster());
        parts.add(master::shutdownNow);
        Supply supply = supply(settings, security, new Place(identity, master, store));
        BlockServer server = BlockServer.start(
                new InetSocketAddress(own.listen().host(), own.listen().port()),
                new ServeParts(
                        store,
                        supply.source(),
                        authorizer(security, own),
                        settings.blocks(),
                        meters,
                        security.tls(),
                        new BlockDemand(settings.hot(), meters, System::nanoTime)));
        parts.add(server::close);
        LocalLending.start(
                        settings,
                        new LocalParts(
                                identity.id(),
                                store,
                                supply.source(),
                                authorizer(security, own),
                                settings.local(),
                                meters))
                .ifPresent(lending -> parts.add(lending::close));
        Registration joining = Registration.start(
                master, identity, localWorker(own, new TierReport(store, supply.dataSets()::mounts)), random);
        parts.add(joining::close);
        registration = Optional.of(joining);
        HandOverTally tally = new HandOverTally(meters);
        HandOver handOver = new HandOver(supply.handOver(store), settings.drain(), tally);
        Drain how = new Drain(joining, supply.neighbourhood(), handOver, new MasterSurvey(master));
        WorkerDrain leaving = new WorkerDrain(settings.drain(), joining, how, tally);
        leaving.watch(askEnd);
        parts.add(leaving::close);
        drain = Optional.of(leaving);
        JobPlace place = new JobPlace(store, supply.source(), KeptPins.of(store), faults);
        jobs = Optional.of(JobRunner.start(master, identity.id(), place, random));
    }

    /** Of this worker in its cluster. */
    private record Place(WorkerIdentity identity, ManagedChannel master, BlockStore store) {}

    /** Where this worker gets blocks. */
    private record Supply(
            Neighbourhood neighbourhood, WorkerConnections connections, KeptDataSets dataSets, RangeSource source) {
        HandOver.Parts handOver(BlockStore store) {
            return new HandOver.Parts(store, source, neighbourhood, connections);
        }
    }

    private static Authorizer authorizer(Security security, WorkerSettings own) {
        return security.judge()
                .map(Authorizer::byToken)
                .orElseGet(() -> security.tls().isPresent() || own.allowPlaintext()
                        ? Authorizer.everybody()
                        : Authorizer.loopbackOnly());
    }

    private Supply supply(Settings settings, Security security, Place place) throws IOException {
        WatchedViews views = WatchedViews.start(place.master(), random);
        parts.add(views::close);
        WorkerConnections connections =
                new WorkerConnections(settings.peer(), security.token(), security.tls(), settings.hedge());
        parts.add(connections::close);
        PeerMeters.of(connections, meters);
        KeptDataSets dataSets = KeptDataSets.open(
                new MasterDataSets(place.master()),
                settings.store().directory().resolve("data-sets"),
                new QuotaShares(place.store(), views, place.identity().id()));
        parts.add(dataSets::close);
        DataSetOrigins origins = new DataSetOrigins(dataSets, settings.origin(), meters);
        parts.add(origins::close);
        Neighbourhood neighbourhood = new Neighbourhood(
                place.identity().id(),
                views,
                new RendezvousPlacement(),
                settings.placement().replicas());
        return new Supply(neighbourhood, connections, dataSets, new PeerSource(neighbourhood, connections, origins));
    }

    private static LocalWorker localWorker(WorkerSettings own, TierReport tiers) throws IOException {
        long capacity =
                tiers.get().stream().mapToLong(TierUsage::capacityBytes).max().orElse(0);
        if (capacity <= 0) {
            throw new IllegalArgumentException(
                    "this worker would keep nothing: give it room with --cache DIR:SIZE or --memory SIZE");
        }
        String machine = InetAddress.getLocalHost().getHostName();
        return new LocalWorker(own.reachedAt(), own.topology(machine), capacity, tiers);
    }

    private Condition condition() {
        if (stopping) {
            return Condition.STOPPING;
        }
        boolean joined = registration
                .map(Registration::state)
                .filter(RegistrationState.Joined.class::isInstance)
                .isPresent();
        return joined ? Condition.READY : Condition.STARTING;
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        // First, while it is a member: a worker that drains loads for nobody, and one that left with tasks counts as
        // lost.
        jobs.ifPresent(JobRunner::close);
        drain.ifPresent(WorkerDrain::beforeEnd);
        parts.close();
    }
}
