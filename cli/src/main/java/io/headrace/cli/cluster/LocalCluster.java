package io.headrace.cli.cluster;

import io.headrace.protocol.cluster.MasterEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a cluster of this machine: {@code processes} says which run, {@code logs} holds what they say, and each
 * process has a folder of its name for what it keeps.
 */
record LocalCluster(Path directory) {
    /** Also the name of the folder that all masters share. */
    private static final String MASTER = "master";

    private static final long END_SECONDS = 30;

    /** @param directory null for the usual one */
    static LocalCluster in(@Nullable Path directory) {
        Path usual = Path.of(System.getProperty("user.home"), ".cache", "headrace", "cluster");
        return new LocalCluster(
                (directory == null ? usual : directory).toAbsolutePath().normalize());
    }

    Path log(String name) {
        return directory.resolve("logs").resolve(name + ".log");
    }

    /** @param number from 1 */
    static String masterName(int number) {
        return number == 1 ? MASTER : MASTER + "-" + number;
    }

    private static boolean isMaster(LocalProcess process) {
        return process.name().equals(MASTER) || process.name().startsWith(MASTER + "-");
    }

    Path masterFolder() {
        return folder(MASTER);
    }

    Path folder(String name) {
        return directory.resolve(name);
    }

    /** Those that were started and not stopped; some may have died. */
    List<LocalProcess> processes() throws IOException {
        Path file = directory.resolve("processes");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(LocalProcess::parse).toList()
                : List.of();
    }

    /** Where its masters listen; empty when it was never started. */
    Optional<MasterEndpoints> masters() throws IOException {
        Path file = directory.resolve("master-endpoint");
        return Files.exists(file)
                ? Optional.of(MasterEndpoints.parse(Files.readString(file).strip()))
                : Optional.empty();
    }

    void rememberMasters(MasterEndpoints endpoints) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("master-endpoint"), endpoints + "\n");
    }

    boolean runs(String name) throws IOException {
        return processes().stream().anyMatch(process -> process.name().equals(name) && process.isRunning());
    }

    /** Starts {@code command}, a process of its own that outlives this one, and writes it down. */
    LocalProcess start(String name, List<String> command) throws IOException {
        Files.createDirectories(directory.resolve("logs"));
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        Process process = new ProcessBuilder(detached)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
        LocalProcess started = LocalProcess.of(name, process.toHandle());
        List<LocalProcess> all = new ArrayList<>(processes());
        all.removeIf(before -> before.name().equals(name));
        all.add(started);
        write(all);
        return started;
    }

    /** Ends all, the masters last. Returns the names of those that had to be killed. */
    List<String> stop() throws IOException, InterruptedException {
        List<LocalProcess> workers = new ArrayList<>(processes());
        workers.removeIf(LocalCluster::isMaster);
        List<LocalProcess> masters =
                processes().stream().filter(LocalCluster::isMaster).toList();
        List<String> killed = new ArrayList<>();
        end(workers, killed);
        end(masters, killed);
        write(List.of());
        return killed;
    }

    private static void end(List<LocalProcess> processes, List<String> killed) throws InterruptedException {
        processes.forEach(LocalProcess::askToEnd);
        for (LocalProcess process : processes) {
            if (!process.end(END_SECONDS)) {
                killed.add(process.name());
            }
        }
    }

    private void write(List<LocalProcess> processes) throws IOException {
        Files.createDirectories(directory);
        Path next = directory.resolve("processes.next");
        Files.write(next, processes.stream().map(LocalProcess::line).toList());
        Files.move(next, directory.resolve("processes"), StandardCopyOption.ATOMIC_MOVE);
    }
}
