package io.headrace.cli.master;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.ServerInterceptor;
import io.headrace.cli.process.Condition;
import io.headrace.cli.process.ConditionServer;
import io.headrace.cli.process.OpenParts;
import io.headrace.cli.security.Security;
import io.headrace.cli.settings.Settings;
import io.headrace.master.CallMeters;
import io.headrace.master.MasterServer;
import io.headrace.master.MasterSettings;
import io.headrace.master.access.AccessInterceptor;
import io.headrace.master.backup.BackupFile;
import io.headrace.master.backup.BackupService;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.cluster.Cluster;
import io.headrace.master.jobs.Jobs;
import io.headrace.master.jobs.PinLoads;
import io.headrace.master.lead.LeaderLock;
import io.headrace.master.pins.Pins;
import io.headrace.master.serve.CatalogService;
import io.headrace.master.serve.DataSets;
import io.headrace.master.serve.DataSetsService;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.storage.UnderStores;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a master: the catalog with its data sets, and the cluster's members, on one port. Opened in the order in
 * which they need each other, and closed in the reverse.
 */
final class MasterNode implements Closeable {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OpenParts parts = new OpenParts();
    private volatile Condition condition = Condition.STARTING;

    private MasterNode() {}

    /** How a master comes to lead on its directory. */
    @FunctionalInterface
    interface Turn {
        /** @param waiting to be called when another master leads, before it waits */
        LeaderLock take(Path directory, String who, Runnable waiting) throws IOException;
    }

    /** @throws io.headrace.master.lead.LedByAnotherException when another master leads on the directory */
    static MasterNode start(Settings settings, FaultPoints faults) throws IOException {
        return start(settings, faults, (directory, who, _) -> LeaderLock.take(directory, who));
    }

    /** Returns when it leads. */
    static MasterNode start(Settings settings, FaultPoints faults, Turn turn) throws IOException {
        MasterNode node = new MasterNode();
        try {
            node.open(settings, faults, turn);
            node.condition = Condition.READY;
            return node;
        } catch (IOException | RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    private void open(Settings settings, FaultPoints faults, Turn turn) throws IOException {
        MasterSettings own = settings.master();
        Security security = Security.open(settings);
        parts.add(security::close);
        settings.tls().requireSafe("master", own.listen(), own.allowPlaintext());
        Optional<Endpoint> http = own.http();
        if (http.isPresent()) {
            parts.add(ConditionServer.start(http.get(), meters, () -> condition)::close);
        }
        Gauge.builder("headrace.master.leading", () -> condition == Condition.READY ? 1 : 0)
                .register(meters);
        Files.createDirectories(own.directory());
        parts.add(turn.take(own.directory(), "for " + own.listen(), () -> condition = Condition.STANDBY)::close);
        condition = Condition.STARTING;
        requireRestored(own.directory());
        lead(settings, faults, security);
    }

    private void lead(Settings settings, FaultPoints faults, Security security) throws IOException {
        MasterSettings own = settings.master();
        Catalog catalog =
                Catalog.open(own.directory().resolve("catalog"), settings.catalog(), Clock.systemUTC(), meters, faults);
        DataSets dataSets = openDataSets(own, catalog);
        Cluster cluster = Cluster.open(own.directory().resolve("members"), settings.cluster());
        parts.add(cluster::close);
        cluster.measure(meters);
        Jobs jobs = Jobs.open(
                own.directory().resolve("jobs"),
                settings.jobs(),
                new Jobs.Surroundings(
                        catalog, cluster.views(), Clock.systemUTC(), Ticker.systemTicker(), faults, meters));
        parts.add(jobs::close);
        Pins pins = Pins.open(
                own.directory().resolve("pins"),
                settings.pins(),
                new Pins.Surroundings(
                        new PinLoads(jobs, catalog),
                        cluster.views(),
                        catalog,
                        dataSets::quotas,
                        Clock.systemUTC(),
                        Ticker.systemTicker(),
                        meters));
        parts.add(pins::close);
        CatalogService names = CatalogService.of(catalog, settings.serve());
        MasterServer server = MasterServer.start(
                new InetSocketAddress(own.listen().host(), own.listen().port()),
                security.server(),
                List.of(
                        names,
                        DataSetsService.of(dataSets, settings.mount(), names),
                        cluster.service(),
                        jobs.service(),
                        pins.service(),
                        new BackupService(own.directory(), catalog)),
                interceptors(security));
        parts.add(server::close);
        parts.add(names::close);
    }

    /** What is refused is timed, too. */
    private List<ServerInterceptor> interceptors(Security security) {
        List<ServerInterceptor> all = new ArrayList<>(List.of(new CallMeters(meters)));
        security.judge().map(AccessInterceptor::new).ifPresent(all::add);
        return all;
    }

    private static void requireRestored(Path directory) throws IOException {
        if (Files.exists(directory.resolve(BackupFile.UNFINISHED))) {
            throw new IOException("a backup was being restored into " + directory
                    + " and that did not end. Do it again with: headrace master restore");
        }
    }

    /** The catalog is closed before the stores, which its listings read. */
    private DataSets openDataSets(MasterSettings own, Catalog catalog) throws IOException {
        try {
            DataSets dataSets = DataSets.open(own.directory().resolve("data-sets"), catalog, UnderStores::open);
            parts.add(dataSets::close);
            return dataSets;
        } finally {
            parts.add(catalog::close);
        }
    }

    @Override
    public void close() throws IOException {
        condition = Condition.STOPPING;
        parts.close();
    }
}
