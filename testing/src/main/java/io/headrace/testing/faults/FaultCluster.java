package io.headrace.testing.faults;

import io.headrace.testing.network.NetworkHost;
import io.headrace.testing.network.TestNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A master, workers and a mount, each on a host of its own, by an origin on one more. One thread at a time.
 *
 * <p>What lies in {@code folder}: {@code NAME} for what a process keeps, {@code NAME-N.log} for what its Nth start said,
 * {@code mount}. A worker's folder is a tmpfs, so that its disk can be full.
 */
final class FaultCluster implements AutoCloseable {
    static final String MASTER = "master";
    static final String CLIENT = "client";
    static final String ORIGIN = "origin";
    static final Duration STALENESS = Duration.ofSeconds(2);

    private static final int MEGABITS = 400;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long WORKER_DISK_MIB = 192;

    private final Path headrace;
    private final Path folder;
    private final TestNetwork network;
    private final OriginHost origin;
    private final Map<String, ClusterProcess> processes = new TreeMap<>();
    private final Map<String, Integer> starts = new HashMap<>();

    private FaultCluster(Path headrace, Path folder, TestNetwork network, OriginHost origin) {
        this.headrace = headrace;
        this.folder = folder;
        this.network = network;
        this.origin = origin;
    }

    /** @param mostWorkers worker-hosts; of them the first {@code workers} run at first */
    static FaultCluster start(FaultPlan plan, VersionedFiles files, int mostWorkers)
            throws IOException, InterruptedException {
        List<NetworkHost> hosts = new ArrayList<>();
        for (String host : List.of(ORIGIN, MASTER, CLIENT)) {
            hosts.add(new NetworkHost(host, MEGABITS));
        }
        for (int i = 1; i <= mostWorkers; i++) {
            hosts.add(new NetworkHost(worker(i), MEGABITS));
        }
        TestNetwork network = TestNetwork.up(plan.checkout(), hosts);
        try {
            OriginHost origin = OriginHost.start(network.on(ORIGIN), network.address(ORIGIN), files);
            FaultCluster cluster = new FaultCluster(plan.headrace(), plan.folder(), network, origin);
            try {
                cluster.startAll(plan.workers());
                return cluster;
            } catch (IOException | InterruptedException failure) {
                cluster.close();
                throw failure;
            }
        } catch (IOException | InterruptedException failure) {
            network.close();
            throw failure;
        }
    }

    static String worker(int number) {
        return "worker" + number;
    }

    private void startAll(int workers) throws IOException, InterruptedException {
        start(MASTER, Map.of());
        for (int i = 1; i <= workers; i++) {
            start(worker(i), Map.of());
        }
        Files.createDirectories(mount());
        String uri = "http://" + network.address(ORIGIN) + ":" + VersionedOrigin.PORT + VersionedOrigin.ROOT;
        headrace(
                "mount",
                "--master",
                network.address(MASTER) + ":7300",
                "--cache",
                folder.resolve(CLIENT) + ":24MiB",
                "--memory=0",
                "--refresh=" + STALENESS.toSeconds() + "s",
                uri,
                mount().toString());
    }

    Path mount() {
        return folder.resolve("mount");
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    TestNetwork network() {
        return network;
    }

    OriginHost origin() {
        return origin;
    }

    ClusterProcess process(String name) {
        ClusterProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " was never started; there are " + processes.keySet());
        }
        return process;
    }

    /** Workers that run, in the order of their numbers. */
    List<String> workers() {
        return processes.entrySet().stream()
                .filter(each -> each.getValue().process().isAlive())
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith("worker"))
                .toList();
    }

    /** Starts a master or worker, and waits until it serves. */
    void start(String name, Map<String, String> environment) throws IOException, InterruptedException {
        ClusterProcess process = launch(name, environment);
        process.awaitSaid(name.equals(MASTER) ? "The master " : "The worker serves", START);
    }

    /** Starts it, and does not wait. */
    ClusterProcess launch(String name, Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(network.on(name));
        command.add(headrace.toString());
        command.addAll(name.equals(MASTER) ? masterArguments() : workerArguments(name));
        Map<String, String> all = environment(name);
        all.putAll(environment);
        int number = starts.merge(name, 1, Integer::sum);
        ClusterProcess process = ClusterProcess.start(name, folder.resolve(name + "-" + number + ".log"), all, command);
        processes.put(name, process);
        return process;
    }

    private List<String> masterArguments() {
        return List.of(
                "master", "--directory", folder(MASTER).toString(), "--listen", network.address(MASTER) + ":7300");
    }

    private List<String> workerArguments(String name) throws IOException, InterruptedException {
        if (Files.notExists(folder(name))) {
            Files.createDirectories(folder(name));
            run(List.of(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=" + (WORKER_DISK_MIB + 64) + "m",
                    name,
                    folder(name).toString()));
        }
        return List.of(
                "worker",
                "--master",
                network.address(MASTER) + ":7300",
                "--cache",
                folder(name).resolve("cache") + ":" + WORKER_DISK_MIB + "MiB",
                "--memory=0",
                "--listen",
                network.address(name) + ":7301");
    }

    private Map<String, String> environment(String name) {
        Map<String, String> all = new HashMap<>();
        all.put("HEADRACE_AOT", "off");
        all.put("HEADRACE_BUILD", "off");
        all.put("HEADRACE_JAVA_OPTIONS", "-Xmx160m -XX:TieredStopAtLevel=1");
        all.put("HEADRACE_MASTER_ALLOW_PLAINTEXT", "true");
        all.put("HEADRACE_WORKER_ALLOW_PLAINTEXT", "true");
        all.put("HEADRACE_WORKER_HOST", name);
        // A worker that comes back at once keeps its blocks; who goes for good says otherwise.
        all.put("HEADRACE_DRAIN_ON_STOP", "false");
        all.put("HEADRACE_STORE_LEFT_FREE", "16MiB");
        all.put("HEADRACE_FUSE_DIRECT_READS", "true");
        all.put("XDG_RUNTIME_DIR", folder("run").toString());
        all.put("XDG_STATE_HOME", folder("state").toString());
        all.put("XDG_CACHE_HOME", folder("user-cache").toString());
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

    private void headrace(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(network.on(CLIENT));
        command.add(headrace.toString());
        command.addAll(List.of(arguments));
        ClusterProcess process =
                ClusterProcess.start(arguments[0], folder.resolve(arguments[0] + ".log"), environment(CLIENT), command);
        if (!process.process().waitFor(START.toSeconds(), TimeUnit.SECONDS)
                || process.process().exitValue() != 0) {
            throw new IOException(command + " failed: " + Files.readString(process.log()));
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** Ends all processes, then takes away mounts and network. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            origin.close();
            new ProcessBuilder("umount", "-l", mount().toString()).start().waitFor();
        } finally {
            // Kills what runs on the hosts, the mount's processes as well.
            network.close();
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            Path at = Path.of(line.split(" ", 6)[4]);
            if (at.startsWith(folder)) {
                new ProcessBuilder("umount", "-l", at.toString()).start().waitFor();
            }
        }
    }
}
