package io.headrace.cli.cluster;

import io.headrace.protocol.cluster.Endpoint;
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
    static final String MASTER = "master";

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

    /** Where its master listens; empty when it was never started. */
    Optional<Endpoint> master() throws IOException {
        Path file = directory.resolve("master-endpoint");
        return Files.exists(file)
                ? Optional.of(Endpoint.parse(Files.readString(file).strip()))
                : Optional.empty();
    }

    void rememberMaster(Endpoint endpoint) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("master-endpoint"), endpoint + "\n");
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

    /** Ends all, the master last. Returns the names of those that had to be killed. */
    List<String> stop() throws IOException, InterruptedException {
        List<LocalProcess> lastFirst = processes().reversed();
        lastFirst.stream().filter(process -> !process.name().equals(MASTER)).forEach(LocalProcess::askToEnd);
        List<String> killed = new ArrayList<>();
        for (LocalProcess process : lastFirst) {
            if (!process.end(END_SECONDS)) {
                killed.add(process.name());
            }
        }
        write(List.of());
        return killed;
    }

    private void write(List<LocalProcess> processes) throws IOException {
        Files.createDirectories(directory);
        Path next = directory.resolve("processes.next");
        Files.write(next, processes.stream().map(LocalProcess::line).toList());
        Files.move(next, directory.resolve("processes"), StandardCopyOption.ATOMIC_MOVE);
    }
}
