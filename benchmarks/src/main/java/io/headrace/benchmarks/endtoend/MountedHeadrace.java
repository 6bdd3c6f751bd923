package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mount made by the real launcher, as a user makes it; closing unmounts. */
public final class MountedHeadrace implements AutoCloseable {
    private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");
    private static final Pattern SERVED_READS = Pattern.compile("\"servedReads\"\\s*:\\s*\"?(\\d+)");
    private static final long COMMAND_SECONDS = 300;

    private final Path launcher;
    private final Path directory;
    private final double readySeconds;

    private MountedHeadrace(Path launcher, Path directory, double readySeconds) {
        this.launcher = launcher;
        this.directory = directory;
        this.readySeconds = readySeconds;
    }

    /**
     * @param environment credentials and the like, which never go on a command line
     * @param options of {@code headrace mount}, before the URI
     */
    public static MountedHeadrace mount(
            Path repository, Map<String, String> environment, String uri, Path directory, String... options)
            throws IOException, InterruptedException {
        Path launcher = repository.resolve("bin/headrace");
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "mount"));
        command.addAll(List.of(options));
        command.add(uri);
        command.add(directory.toString());
        long started = System.nanoTime();
        run(command, environment);
        return new MountedHeadrace(launcher, directory, (System.nanoTime() - started) / 1e9);
    }

    public Path directory() {
        return directory;
    }

    /** From typing the command to its return, when the mount answers. */
    public double readySeconds() {
        return readySeconds;
    }

    public long pid() throws IOException, InterruptedException {
        Matcher matcher = PID.matcher(headrace("status", "--output", "json", directory.toString()));
        if (!matcher.find()) {
            throw new IOException("headrace status names no pid");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** READ requests that the daemon answered since it started. */
    public long servedReads() throws IOException, InterruptedException {
        Matcher matcher = SERVED_READS.matcher(headrace("status", "--output", "json", directory.toString()));
        if (!matcher.find()) {
            throw new IOException("headrace status tells no served reads");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** CPU seconds of the daemon since it started. */
    public double cpuSeconds() throws IOException, InterruptedException {
        return Processes.cpuSeconds(pid());
    }

    /** Runs a command of Headrace and returns what it printed. */
    public String headrace(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(command, Map.of());
    }

    private static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " did not end in " + COMMAND_SECONDS + " s; it printed: " + output);
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        headrace("umount", directory.toString());
    }
}
