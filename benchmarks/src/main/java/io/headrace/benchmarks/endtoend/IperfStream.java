package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One stream of iperf3 over loopback. */
final class IperfStream {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"seconds\":\\s*([0-9.e+-]+)[^}]*\"bytes\":\\s*(\\d+)");
    private static final int MOST_SECONDS = 120;

    private IperfStream() {}

    /** The CPU time is not measured, and 0. */
    static Timing send(long bytes) throws IOException, InterruptedException {
        int port = freePort();
        Process server = new ProcessBuilder("iperf3", "-s", "-1", "--forceflush", "-p", Integer.toString(port)).start();
        try {
            // It says that it listens before it does anything else; the client would be refused earlier.
            if (server.inputReader(StandardCharsets.UTF_8).lines().noneMatch(line -> line.contains("listening"))) {
                throw new IOException("iperf3 does not listen on port " + port);
            }
            String report = output(List.of(
                    "iperf3", "-c", "127.0.0.1", "-p", Integer.toString(port), "-n", Long.toString(bytes), "-J"));
            Matcher received = RECEIVED.matcher(report);
            if (!received.find()) {
                throw new IOException("iperf3 gave no figures: " + report);
            }
            return new Timing(Long.parseLong(received.group(2)), Double.parseDouble(received.group(1)), 0);
        } finally {
            server.destroy();
        }
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " did not end");
        }
        return said;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
