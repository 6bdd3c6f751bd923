package io.headrace.cli.worker;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.caches.OwnCaches;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.settings.Settings;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.store.tier.StoreDirectory;
import io.headrace.worker.cluster.WorkerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "adopt",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lets the cache of a stopped worker belong to another cluster, for when a master was lost and built anew.",
            "What is cached stays, and is served where the new master mounts the same origins; versions that the origins have no"
                    + " more are never asked for."
        },
        footer = {"", "  headrace worker adopt --cache /ssd/headrace --master 127.0.0.1:7300 --yes"})
final class WorkerAdoptCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "The worker's cache, as the worker is given it (default: as for the worker).")
    private @Nullable Path cache;

    @Option(names = "--master", paramLabel = "HOST:PORT", description = "The new master (default: 127.0.0.1:7300).")
    private @Nullable String master;

    @Option(names = "--yes", description = "Do it; without this it is only said what would be done.")
    private boolean yes;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        Map<String, String> said = new LinkedHashMap<>();
        Optional.ofNullable(cache).ifPresent(directory -> said.put("store.directory", directory.toString()));
        Optional.ofNullable(master).ifPresent(value -> said.put("worker.master", value));
        Settings all = settings.read(said);
        Path directory = all.store().directory();
        Path file = directory.resolve("worker");
        if (!Files.isRegularFile(file)) {
            throw new CommandException(
                    ExitCode.NOT_FOUND, "there is no worker's cache in " + directory + "; name it by --cache DIR");
        }
        try (StoreDirectory _ =
                StoreDirectory.open(OwnCaches.placed(all.store()).directory())) {
            return adopt(WorkerIdentity.open(file), clusterOf(all)).status();
        }
    }

    private ExitCode adopt(WorkerIdentity worker, String cluster) throws IOException, CommandException {
        if (worker.cluster().isEmpty() || worker.cluster().get().equals(cluster)) {
            System.out.println("Worker " + worker.id() + " may join cluster " + cluster + " as it is.");
            return ExitCode.OK;
        }
        String change =
                "worker " + worker.id() + " from cluster " + worker.cluster().get() + " to cluster " + cluster;
        if (!yes) {
            throw new CommandException(
                    ExitCode.USAGE, "this would take " + change + ". Say --yes to do it; nothing was changed");
        }
        worker.belongTo(cluster);
        System.out.println("Took " + change + ". Start it with its cache and the new master.");
        return ExitCode.OK;
    }

    private static String clusterOf(Settings all) throws IOException, CommandException, OriginException {
        MasterEndpoints endpoint = all.worker().master();
        try (MasterConnection connection = MasterConnection.open(endpoint, all)) {
            return connection
                    .ask(channel -> MembershipGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .listWorkers(ListWorkersRequest.getDefaultInstance()))
                    .getClusterId();
        }
    }
}
