package io.headrace.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A cluster of processes on this machine, which reads a bucket. Its {@link Launcher} ends it. */
record StartedCluster(Launcher headrace, ServedBucket bucket, Path folder) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** With a new bucket, as whose owner its commands run; nothing is started yet. */
    static StartedCluster at(Path folder) throws IOException, InterruptedException {
        ServedBucket bucket = ServedBucket.start(folder.resolve("bucket"));
        Launcher headrace = Launcher.in(folder);
        ServedBucket.identify(headrace);
        return new StartedCluster(headrace, bucket, folder);
    }

    /** So many workers then run; those that ran go on. Returns what the command said. */
    String start(int workers, Object... more) throws IOException, InterruptedException {
        List<Object> command = new ArrayList<>(List.of(
                "cluster",
                "start",
                "--workers=" + workers,
                "--directory",
                directory(),
                "--memory=32MiB",
                "--disk=256MiB"));
        command.addAll(List.of(more));
        return headrace.succeed(command.toArray());
    }

    Path directory() {
        return folder.resolve("cluster");
    }

    String master() throws IOException {
        return Files.readString(directory().resolve("master-endpoint")).strip();
    }

    String status() throws IOException, InterruptedException {
        return headrace.succeed("cluster", "status", "--directory", directory());
    }

    /** At a folder of this name. */
    Path mount(String name, Object... more) throws IOException, InterruptedException {
        headrace.succeed(mountCommand(name, more));
        return folder.resolve(name);
    }

    Object[] mountCommand(String name, Object... more) throws IOException {
        List<Object> command = new ArrayList<>(List.of(
                "mount",
                "--master",
                master(),
                "--cache",
                folder.resolve("cache-of-" + name) + ":64MiB",
                "--memory=16MiB",
                "--region=" + bucket.server().region(),
                "--endpoint=" + bucket.endpoint()));
        command.addAll(List.of(more));
        command.add("oss://models");
        command.add(Files.createDirectory(folder.resolve(name)));
        return command.toArray();
    }

    /** @param name as the file of its processes has it */
    void kill(String name) throws IOException {
        String line = Files.readAllLines(directory().resolve("processes")).stream()
                .filter(each -> each.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(line.split(" ")[1])).orElseThrow();
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Ends what it started, and the bucket. */
    @Override
    public void close() throws IOException, InterruptedException {
        headrace.close();
        bucket.close();
    }
}
