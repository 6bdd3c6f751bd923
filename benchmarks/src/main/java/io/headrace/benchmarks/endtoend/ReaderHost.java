package io.headrace.benchmarks.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A {@link HostedReader} on a host. It ends with the network, or when it is closed. One thread at a time. */
final class ReaderHost implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private ReaderHost(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** @param onHost what its command line begins with */
    static ReaderHost start(List<String> onHost, String master, long seed) throws IOException {
        List<String> command = new ArrayList<>(onHost);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=512m",
                "-cp",
                System.getProperty("java.class.path"),
                HostedReader.class.getName(),
                master,
                Long.toString(seed)));
        ReaderHost reader = new ReaderHost(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        reader.expect("ready");
        return reader;
    }

    private void expect(String word) throws IOException {
        String said = answers.readLine();
        if (!word.equals(said)) {
            throw new IOException("a reader said " + said + " instead of " + word);
        }
    }

    /** Tells it what to read, and does not wait. */
    void tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
    }

    /** The oldest answer that was not read; the CPU time is not measured, and 0. */
    Timing result() throws IOException {
        String said = answers.readLine();
        if (said == null) {
            throw new IOException("a reader has ended");
        }
        String[] words = said.split(" ");
        return new Timing(Long.parseLong(words[0]), Long.parseLong(words[1]) / 1e9, 0);
    }

    Timing ask(String command) throws IOException {
        tell(command);
        return result();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
