package io.headrace.cli.cluster;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.process.Condition;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts masters and workers on loopback addresses, in the background, and waits until they answer.",
            "Of a cluster that runs already, it starts those that have died, and workers that are new."
        })
final class ClusterStartCommand implements Callable<Integer> {
    private static final int MASTER_PORT = 7300;

    @Option(
            names = "--masters",
            paramLabel = "N",
            description = "How many masters, of which one leads (default: 1, or as many as there were).")
    private int masters = 1;

    @Option(names = "--workers", paramLabel = "N", description = "How many workers (default: 3).")
    private int workers = 3;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the processes keep what they cache (default: ~/.cache/headrace/cluster).")
    private @Nullable Path directory;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory tier of each worker (default: 512MiB).")
    private String memory = "512MiB";

    @Option(names = "--disk", paramLabel = "SIZE", description = "Disk tier of each worker (default: 8GiB).")
    private String disk = "8GiB";

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        if (workers < 1) {
            throw new IllegalArgumentException("--workers is " + workers + "; a cluster has at least one");
        }
        if (masters < 1) {
            throw new IllegalArgumentException("--masters is " + masters + "; a cluster has at least one");
        }
        LocalCluster cluster = LocalCluster.in(directory);
        List<StartingProcess> started = new ArrayList<>();
        try {
            MasterEndpoints master = startMasters(cluster, started);
            for (int i = 1; i <= workers; i++) {
                String name = "worker-" + i;
                if (!cluster.runs(name)) {
                    started.add(startWorker(cluster, master, name));
                }
            }
            for (StartingProcess process : started) {
                boolean standsBy = process.awaitReady() == Condition.STANDBY;
                System.out.printf("%-10s %s%s%n", process.name(), process.describe(), standsBy ? "  stands by" : "");
            }
            System.out.println("Mount with: headrace mount --master " + master + " URI DIR");
            return ExitCode.OK.status();
        } catch (IOException | CommandException | InterruptedException failure) {
            for (StartingProcess process : started.reversed()) {
                process.end();
            }
            throw failure;
        }
    }

    private MasterEndpoints startMasters(LocalCluster cluster, List<StartingProcess> started)
            throws IOException, InterruptedException, CommandException {
        MasterEndpoints endpoints = masterEndpoints(cluster);
        cluster.rememberMasters(endpoints);
        for (int i = 1; i <= endpoints.all().size(); i++) {
            String name = LocalCluster.masterName(i);
            if (!cluster.runs(name)) {
                StartingProcess master = startMaster(cluster, name, endpoints, i);
                started.add(master);
                Condition _ = master.awaitReady();
            }
        }
        return endpoints;
    }

    private MasterEndpoints masterEndpoints(LocalCluster cluster) throws IOException {
        List<Endpoint> all =
                new ArrayList<>(cluster.masters().map(MasterEndpoints::all).orElse(List.of()));
        if (all.isEmpty()) {
            all.add(FreePorts.preferring(MASTER_PORT));
        }
        while (all.size() < masters) {
            all.add(FreePorts.any());
        }
        return new MasterEndpoints(all);
    }

    private StartingProcess startMaster(LocalCluster cluster, String name, MasterEndpoints endpoints, int number)
            throws IOException {
        Endpoint listen = endpoints.all().get(number - 1);
        List<String> command =
                withSettings("master", "--directory", cluster.masterFolder().toString(), "--listen", listen.toString());
        if (endpoints.all().size() > 1) {
            command.add("--standby");
        }
        return StartingProcess.start(cluster, name, listen, command);
    }

    private List<String> withSettings(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(settings.arguments());
        return all;
    }

    private StartingProcess startWorker(LocalCluster cluster, MasterEndpoints master, String name) throws IOException {
        Endpoint listen = FreePorts.any();
        Path folder = Files.createDirectories(cluster.folder(name));
        return StartingProcess.start(
                cluster,
                name,
                listen,
                withSettings(
                        "worker",
                        "--master",
                        master.toString(),
                        "--cache",
                        folder + ":" + disk,
                        "--memory",
                        memory,
                        "--listen",
                        listen.toString(),
                        // 'cluster stop' ends all at once, and the next start finds what they cached.
                        "--no-drain-on-stop"));
    }
}
