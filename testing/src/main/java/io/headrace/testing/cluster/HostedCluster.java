package io.headrace.testing.cluster;

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

/**
 * Processes of {@code headrace} on the hosts of a network, one a host, in the foreground. One thread at a time.
 *
 * <p>What lies in {@code folder}: {@code HOST} for what a process keeps, {@code HOST-N.log} for what its Nth start said.
 */
public final class HostedCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final String MASTER_PORT = ":7300";
    private static final String WORKER_PORT = ":7301";

    private final Path headrace;
    private final Path folder;
    private final TestNetwork network;
    private final Map<String, ClusterProcess> processes = new TreeMap<>();
    private final Map<String, Integer> starts = new HashMap<>();

    private HostedCluster(Path headrace, Path folder, TestNetwork network) {
        this.headrace = headrace;
        this.folder = folder;
        this.network = network;
    }

    /**
     * Nothing runs on the hosts as yet.
     *
     * @param checkout the source tree
     * @param headrace the command to run, which is built
     * @param folder an empty folder
     */
    public static HostedCluster on(Path checkout, Path headrace, Path folder, List<NetworkHost> hosts)
            throws IOException {
        return new HostedCluster(headrace, folder, TestNetwork.up(checkout, hosts));
    }

    public TestNetwork network() {
        return network;
    }

    public Path folder(String name) {
        return folder.resolve(name);
    }

    /** Where the master of this host is reached. */
    public String masterAt(String host) {
        return network.address(host) + MASTER_PORT;
    }

    /** What the command line of a master on the host is. */
    public List<String> master(String host, Path directory) {
        return List.of("master", "--directory", directory.toString(), "--listen", masterAt(host));
    }

    /** Starts a master, and waits until it serves. */
    public void startMaster(String host, Map<String, String> environment) throws IOException, InterruptedException {
        launch(host, environment, master(host, folder(host))).awaitSaid("The master ", START);
    }

    /**
     * What a worker's command line is; its cache is on the disk.
     *
     * @param masters where they are reached, with commas between
     */
    public List<String> worker(String host, String masters, long diskMebibytes) {
        return List.of(
                "worker",
                "--master",
                masters,
                "--cache",
                folder(host).resolve("cache") + ":" + diskMebibytes + "MiB",
                "--memory=0",
                "--listen",
                network.address(host) + WORKER_PORT);
    }

    /**
     * Starts a {@link #worker}, and waits until it serves.
     *
     * @param wrapper a command that runs what follows it, in the same process
     */
    public ClusterProcess startWorker(
            String host, Map<String, String> environment, List<String> arguments, List<String> wrapper)
            throws IOException, InterruptedException {
        ClusterProcess process = launch(host, environment, arguments, wrapper);
        process.awaitSaid("The worker serves", START);
        return process;
    }

    /** Starts {@code headrace} with these arguments, and does not wait. */
    public ClusterProcess launch(String host, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return launch(host, environment, arguments, List.of());
    }

    private ClusterProcess launch(
            String host, Map<String, String> environment, List<String> arguments, List<String> wrapper)
            throws IOException {
        int number = starts.merge(host, 1, Integer::sum);
        ClusterProcess process = ClusterProcess.start(
                host,
                folder.resolve(host + "-" + number + ".log"),
                environment(host, environment),
                command(host, arguments, wrapper));
        processes.put(host, process);
        return process;
    }

    /**
     * Runs {@code headrace} with these arguments on a host, beside what runs there, to its end.
     *
     * @return what it printed
     * @throws IOException when it fails
     */
    public String run(String host, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command(host, List.of(arguments), List.of())).redirectErrorStream(true);
        builder.environment().putAll(environment(host, environment));
        // A daemon that it leaves behind has its output, and would keep a pipe open.
        Path log = Files.createTempFile(folder, host + "-" + arguments[0] + "-", ".log");
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(COMMAND);
        String said = Files.readString(log);
        if (!ended) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", arguments) + " did not end within " + COMMAND + ": " + said);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", arguments) + " ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }

    private List<String> command(String host, List<String> arguments, List<String> wrapper) {
        List<String> command = new ArrayList<>(network.on(host));
        command.addAll(wrapper);
        command.add(headrace.toString());
        command.addAll(arguments);
        return command;
    }

    private Map<String, String> environment(String host, Map<String, String> more) {
        Map<String, String> all = new HashMap<>();
        all.put("HEADRACE_BUILD", "off");
        all.put("HEADRACE_MASTER_ALLOW_PLAINTEXT", "true");
        all.put("HEADRACE_WORKER_ALLOW_PLAINTEXT", "true");
        all.put("HEADRACE_WORKER_HOST", host);
        // The hosts have one file system: clients would read past the network.
        all.put("HEADRACE_LOCAL_ENABLED", "false");
        all.put("XDG_RUNTIME_DIR", folder("run").toString());
        all.put("XDG_STATE_HOME", folder("state").toString());
        all.put("XDG_CACHE_HOME", folder("user-cache").toString());
        all.putAll(more);
        return all;
    }

    /** The newest that was started on the host. */
    public ClusterProcess process(String host) {
        ClusterProcess process = processes.get(host);
        if (process == null) {
            throw new IllegalStateException(host + " was never started; there are " + processes.keySet());
        }
        return process;
    }

    /** Hosts whose process runs, in the order of their names. */
    public List<String> running() {
        return processes.entrySet().stream()
                .filter(each -> each.getValue().process().isAlive())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ends all processes on the hosts, then takes away the network and what is mounted in the folder. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            // A mount whose process is killed first would wait for a successor.
            unmount();
        } finally {
            network.close();
            unmount();
        }
    }

    private void unmount() throws IOException, InterruptedException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            Path at = Path.of(line.split(" ", 6)[4]);
            if (at.startsWith(folder)) {
                new ProcessBuilder("umount", "-l", at.toString()).start().waitFor();
            }
        }
    }
}
