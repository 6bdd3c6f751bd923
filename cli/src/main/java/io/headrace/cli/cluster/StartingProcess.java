package io.headrace.cli.cluster;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.process.Condition;
import io.headrace.protocol.cluster.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of a local cluster that was just started.
 *
 * @param http where it says how it is
 */
record StartingProcess(LocalProcess process, Endpoint listen, Endpoint http, Path log) {
    private static final Duration START = Duration.ofSeconds(30);
    private static final int LOOK_MILLIS = 1000;
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final int LAST_LINES = 10;
    private static final long END_SECONDS = 10;

    static StartingProcess start(LocalCluster cluster, String name, Endpoint listen, List<String> arguments)
            throws IOException {
        String home = System.getenv("HEADRACE_HOME");
        if (home == null) {
            throw new IllegalStateException("HEADRACE_HOME is not set; start headrace by bin/headrace");
        }
        Endpoint http = FreePorts.any();
        List<String> command = new ArrayList<>(List.of(home + "/bin/headrace"));
        command.addAll(arguments);
        command.addAll(List.of("--http", http.toString()));
        return new StartingProcess(cluster.start(name, command), listen, http, cluster.log(name));
    }

    String name() {
        return process.name();
    }

    String describe() {
        return listen + "  pid " + process.pid() + "  http://" + http + "/metrics";
    }

    void end() throws InterruptedException {
        boolean _ = process.end(END_SECONDS);
    }

    /**
     * Returns when it is ready, or stands by.
     *
     * @throws CommandException when it died, or did neither in time; with the end of its log
     */
    Condition awaitReady() throws IOException, InterruptedException, CommandException {
        long deadline = System.nanoTime() + START.toNanos();
        Condition now = condition();
        while (now != Condition.READY && now != Condition.STANDBY) {
            if (!process.isRunning()) {
                throw new CommandException(ExitCode.FAILED, name() + " ended at its start. " + said());
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        ExitCode.FAILED, name() + " was not ready after " + START.toSeconds() + " s. " + said());
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
            now = condition();
        }
        return now;
    }

    private Condition condition() throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + http + "/readyz").toURL().openConnection();
        connection.setConnectTimeout(LOOK_MILLIS);
        connection.setReadTimeout(LOOK_MILLIS);
        try {
            if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                return Condition.READY;
            }
            try (InputStream said = connection.getErrorStream()) {
                return Condition.valueOf(new String(said.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        } catch (IOException notYet) {
            return Condition.STARTING;
        } finally {
            connection.disconnect();
        }
    }

    private String said() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return "The end of its log (" + log + "):\n  "
                + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
