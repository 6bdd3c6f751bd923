package io.headrace.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.headrace.protocol.v1.NodeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs the {@code headrace} command as users do, in a folder of its own for sockets, logs and caches. Closing unmounts
 * what is mounted below the folder and ends the processes that name it, so that a failed test leaves nothing.
 *
 * <p>The command is that of the checkout, which builds itself when its sources are newer. The start-up caches are those that
 * {@code dev/take-build} made, as a user has them after the first mounts.
 */
final class Launcher implements AutoCloseable {
    /** A checkout may build itself first. */
    private static final long RUN_SECONDS = 400;

    private final Path folder;
    private final Path command;
    private final Surroundings surroundings;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();

    private Launcher(Path folder, Path command, Surroundings surroundings) {
        this.folder = folder;
        this.command = command;
        this.surroundings = surroundings;
    }

    /** What a run said and ended with. */
    record Outcome(int status, String out, String err) {}

    static Launcher in(Path folder) throws IOException, InterruptedException {
        return in(folder, Surroundings.MACHINE);
    }

    /** @param folder is the user's who runs the command there */
    static Launcher in(Path folder, Surroundings surroundings) throws IOException, InterruptedException {
        Path command = Checkout.root().resolve("bin/headrace");
        Launcher launcher = new Launcher(folder, command, surroundings);
        if (!surroundings.equals(Surroundings.MACHINE)) {
            // A checkout builds itself, which whoever else runs it may not be able to.
            new Launcher(folder, command, Surroundings.MACHINE).succeed("--version");
        }
        launcher.environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        launcher.environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        launcher.environment.put("XDG_CACHE_HOME", folder.resolve("user-cache").toString());
        launcher.environment.put("HEADRACE_AOT", "off");
        if (surroundings.equals(Surroundings.MACHINE)) {
            launcher.useStartUpCaches(Checkout.root().resolve("cli/target/user-cache/headrace/aot"));
        }
        return launcher;
    }

    private Path startUpCaches() {
        return folder.resolve("user-cache/headrace/aot");
    }

    /** Another user may not write there. */
    private void useStartUpCaches(Path made) throws IOException {
        Path own = startUpCaches();
        Files.createDirectories(made);
        Files.createDirectories(own.getParent());
        Files.createSymbolicLink(own, made);
        environment.put("HEADRACE_AOT", "on");
    }

    /** The same variable for every later run. */
    Launcher with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Launcher without(String variable) {
        environment.remove(variable);
        return this;
    }

    Outcome run(Object... arguments) throws IOException, InterruptedException {
        int run = runs.incrementAndGet();
        Path out = folder.resolve("out-" + run);
        Path err = folder.resolve("err-" + run);
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    List.of(arguments) + " did not end within " + RUN_SECONDS + " s: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /**
     * Begins a run that goes on. Closing ends it, if its arguments name the folder.
     *
     * @param said where all that it says is written
     */
    Process begin(Path said, Object... arguments) throws IOException {
        return builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    private ProcessBuilder builder(Object... arguments) {
        List<String> line = new ArrayList<>(surroundings.prefix());
        line.add(command.toString());
        Stream.of(arguments).map(Object::toString).forEach(line::add);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** @throws AssertionError when the command fails */
    String succeed(Object... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        if (outcome.status() != 0) {
            throw new AssertionError(List.of(arguments) + " ended with " + outcome + logs());
        }
        return outcome.out();
    }

    NodeStatus status(Path mountPoint) throws IOException, InterruptedException {
        return parse(succeed("status", "--output", "json", mountPoint));
    }

    static NodeStatus parse(String json) throws InvalidProtocolBufferException {
        NodeStatus.Builder status = NodeStatus.newBuilder();
        JsonFormat.parser().merge(json, status);
        return status.build();
    }

    private String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        if (Files.isDirectory(folder.resolve("state/headrace"))) {
            try (Stream<Path> logs = Files.list(folder.resolve("state/headrace"))) {
                for (Path log : logs.sorted().toList()) {
                    text.append("\n").append(log).append(":\n").append(Files.readString(log));
                }
            }
        }
        return text.toString();
    }

    /** Mount points of Headrace below the folder. */
    List<Path> mounted() throws IOException {
        return mountPoints(" - fuse");
    }

    /** All mount points below the folder; a memory tier is one as well. */
    List<Path> mountedOfAnyKind() throws IOException {
        return mountPoints(" - ");
    }

    private List<Path> mountPoints(String kind) throws IOException {
        try (Stream<String> mounts = Files.lines(surroundings.mountInfo())) {
            return mounts.filter(line -> line.contains(kind))
                    .map(line -> Path.of(line.split(" ", 6)[4].replace("\\040", " ")))
                    .filter(mountPoint -> mountPoint.startsWith(folder))
                    .toList();
        }
    }

    /** Processes whose command line names the folder. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(folder.toString()))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Path mountPoint : mounted()) {
            run("umount", "--lazy", mountPoint);
        }
        processes().forEach(ProcessHandle::destroyForcibly);
        for (Path mountPoint : mountedOfAnyKind()) {
            new ProcessBuilder("umount", "-l", mountPoint.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        if (Files.isSymbolicLink(startUpCaches())) {
            Files.delete(startUpCaches());
        }
    }
}
