package io.headrace.testing.faults;

import io.headrace.testing.cluster.ClusterProcess;
import io.headrace.testing.cluster.HostedCluster;
import io.headrace.testing.network.NetworkHost;
import io.headrace.testing.network.TestNetwork;
import io.headrace.testing.origin.OriginHost;
import io.headrace.testing.origin.VersionedFiles;
import io.headrace.testing.origin.VersionedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A master, at times another that stands by, workers and a mount, each on a host of its own, by an origin on one more. One thread
 * at a time.
 *
 * <p>In {@code folder} lie what a {@link HostedCluster} has there, and {@code mount}. A worker's folder is a tmpfs, so that its disk
 * can be full.
 */
final class FaultCluster implements AutoCloseable {
    static final String MASTER = "master";
    /** Where a second master may run, on the first one's directory. */
    static final String STANDBY = "standby";

    static final String CLIENT = "client";
    static final String ORIGIN = "origin";
    static final Duration STALENESS = Duration.ofSeconds(2);

    private static final int MEGABITS = 400;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long WORKER_DISK_MIB = 192;
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HEADRACE_AOT", "off",
            "HEADRACE_JAVA_OPTIONS", "-Xmx160m -XX:TieredStopAtLevel=1",
            // A worker that comes back at once keeps its blocks; who goes for good says otherwise.
            "HEADRACE_DRAIN_ON_STOP", "false",
            "HEADRACE_STORE_LEFT_FREE", "16MiB",
            "HEADRACE_FUSE_DIRECT_READS", "true");

    private final HostedCluster cluster;
    private final OriginHost origin;

    private FaultCluster(HostedCluster cluster, OriginHost origin) {
        this.cluster = cluster;
        this.origin = origin;
    }

    /** @param mostWorkers worker-hosts; of them the first {@code workers} run at first */
    static FaultCluster start(FaultPlan plan, VersionedFiles files, int mostWorkers)
            throws IOException, InterruptedException {
        List<NetworkHost> hosts = new ArrayList<>();
        for (String host : List.of(ORIGIN, MASTER, STANDBY, CLIENT)) {
            hosts.add(new NetworkHost(host, MEGABITS));
        }
        for (int i = 1; i <= mostWorkers; i++) {
            hosts.add(new NetworkHost(worker(i), MEGABITS));
        }
        HostedCluster hosted = HostedCluster.on(plan.checkout(), plan.headrace(), plan.folder(), hosts);
        try {
            TestNetwork network = hosted.network();
            OriginHost origin = OriginHost.start(network.on(ORIGIN), network.address(ORIGIN), files);
            FaultCluster cluster = new FaultCluster(hosted, origin);
            cluster.startAll(plan.workers(), files.count());
            return cluster;
        } catch (IOException | InterruptedException failure) {
            // What runs on the hosts, the origin too, ends with the network.
            hosted.close();
            throw failure;
        }
    }

    static String worker(int number) {
        return "worker" + number;
    }

    private void startAll(int workers, int files) throws IOException, InterruptedException {
        start(MASTER, Map.of());
        for (int i = 1; i <= workers; i++) {
            start(worker(i), Map.of());
        }
        Files.createDirectories(mount());
        cluster.run(
                CLIENT,
                ENVIRONMENT,
                "mount",
                "--master",
                masters(),
                "--cache",
                folder(CLIENT) + ":24MiB",
                "--memory=0",
                "--refresh=" + STALENESS.toSeconds() + "s",
                VersionedOrigin.at(network().address(ORIGIN)),
                mount().toString());
        // Names that nobody has seen are the master's to tell: readers of them wait for it, and no bound is promised.
        try (Stream<Path> names = Files.list(mount())) {
            if (names.count() != files) {
                throw new IOException(mount() + " does not show the origin's " + files + " files");
            }
        }
    }

    /** The standby's address is known to all, though seldom anybody answers there. */
    private String masters() {
        return cluster.masterAt(MASTER) + "," + cluster.masterAt(STANDBY);
    }

    Path mount() {
        return folder("mount");
    }

    Path folder(String name) {
        return cluster.folder(name);
    }

    TestNetwork network() {
        return cluster.network();
    }

    OriginHost origin() {
        return origin;
    }

    ClusterProcess process(String name) {
        return cluster.process(name);
    }

    /** Workers that run, in the order of their names. */
    List<String> workers() {
        return cluster.running().stream()
                .filter(name -> name.startsWith("worker"))
                .toList();
    }

    /** Starts a master or worker, and waits until it serves. */
    void start(String name, Map<String, String> environment) throws IOException, InterruptedException {
        if (name.equals(MASTER)) {
            cluster.startMaster(name, with(environment));
        } else if (name.equals(STANDBY)) {
            List<String> arguments = new ArrayList<>(cluster.master(name, folder(MASTER)));
            arguments.add("--standby");
            cluster.launch(name, with(environment), arguments).awaitSaid("stands by", START);
        } else {
            launch(name, environment).awaitSaid("The worker serves", START);
        }
    }

    /** Starts a worker, and does not wait. */
    ClusterProcess launch(String name, Map<String, String> environment) throws IOException, InterruptedException {
        if (Files.notExists(folder(name))) {
            Files.createDirectories(folder(name));
            mountTmpfs(folder(name));
        }
        return cluster.launch(name, with(environment), cluster.worker(name, masters(), WORKER_DISK_MIB));
    }

    private static void mountTmpfs(Path folder) throws IOException, InterruptedException {
        List<String> command = List.of(
                "mount", "-t", "tmpfs", "-o", "size=" + (WORKER_DISK_MIB + 64) + "m", "tmpfs", folder.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(ENVIRONMENT);
        all.putAll(more);
        return all;
    }

    /** The process that serves the mount, or its newest successor. */
    long daemon() throws IOException {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = commandLine(process.pid());
                    return line.contains("io.headrace.cli.Main") && line.contains(mount() + "\0");
                })
                .mapToLong(ProcessHandle::pid)
                .max()
                .orElseThrow(() -> new IOException("no process serves " + mount()));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** Ends all processes, then takes away mounts and network. */
    @Override
    public void close() throws IOException, InterruptedException {
        origin.close();
        cluster.close();
    }
}
