package io.headrace.testing.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hosts on this machine, each with a network of its own, an address, and a link of its own rate to one switch. Links can be
 * cut: what is sent is lost, and no end is told. Needs root. Thread-safe.
 *
 * <p>{@link #close} ends what runs on the hosts. What a killed process leaves goes when the next network is set up.
 */
public final class TestNetwork implements AutoCloseable {
    private final Path script;
    private final String name;
    private final List<String> hosts;

    private TestNetwork(Path script, String name, List<String> hosts) {
        this.script = script;
        this.name = name;
        this.hosts = hosts;
    }

    /**
     * @param checkout the source tree, for its {@code testing/network}
     * @throws IOException when it cannot be set up; the message says what is missing
     */
    public static TestNetwork up(Path checkout, List<NetworkHost> hosts) throws IOException {
        long pid = ProcessHandle.current().pid();
        // Of one process there may be several.
        String name = pid + "n" + ThreadLocalRandom.current().nextInt(1_000_000);
        TestNetwork network = new TestNetwork(
                checkout.resolve("testing/network"),
                name,
                hosts.stream().map(NetworkHost::name).toList());
        network.script("sweep");
        List<String> arguments = new ArrayList<>(List.of("up", name, "--owner", Long.toString(pid)));
        hosts.forEach(host -> arguments.add(host.name() + "=" + host.megabits()));
        network.script(arguments.toArray(String[]::new));
        return network;
    }

    /** The host's IPv4 address. */
    public String address(String host) {
        int at = hosts.indexOf(host);
        if (at < 0) {
            throw new IllegalArgumentException("no host " + host + " among " + hosts);
        }
        return "10.77.0." + (at + 1);
    }

    /** What a command line begins with to run on the host; the process has the command's own id. */
    public List<String> on(String host) {
        return List.of(script.toString(), "run", name, host);
    }

    /** The host's link carries so much in a second, each way, from now on. */
    public void rate(NetworkHost host) throws IOException {
        script("rate", name, host.name(), Integer.toString(host.megabits()));
    }

    /** What {@code from} sends to {@code to} is lost from now on. */
    public void cutOneWay(String from, String to) throws IOException {
        script("cut", name, from, to, "--one-way");
    }

    public void cut(String one, String other) throws IOException {
        script("cut", name, one, other);
    }

    public void heal(String one, String other) throws IOException {
        script("heal", name, one, other);
    }

    @Override
    public void close() {
        try {
            script("down", name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void script(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + String.join(" ", command), stop);
        }
    }
}
