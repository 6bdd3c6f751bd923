package io.headrace.testing.origin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** The process of a {@link VersionedOrigin}, on a host. Thread-safe. */
public final class OriginHost implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private OriginHost(Process process) {
        this.process = process;
        this.answers = process.inputReader();
        this.commands = process.outputWriter();
    }

    public static OriginHost start(List<String> onHost, String address, VersionedFiles files) throws IOException {
        return start(onHost, address, files, 0);
    }

    /**
     * @param onHost what its command line begins with
     * @param streamBytesPerSecond that one answer has at most; 0 for no limit
     */
    public static OriginHost start(List<String> onHost, String address, VersionedFiles files, long streamBytesPerSecond)
            throws IOException {
        List<String> command = new ArrayList<>(onHost);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                VersionedOrigin.class.getName(),
                address,
                Long.toString(files.seed()),
                Integer.toString(files.count()),
                Integer.toString(files.lengthBytes()),
                Long.toString(streamBytesPerSecond)));
        OriginHost origin = new OriginHost(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        if (!"serving".equals(origin.answers.readLine())) {
            throw new IOException("the origin did not start at " + address);
        }
        return origin;
    }

    /** Puts the next version in the file's place. */
    public void replace(int file) throws IOException {
        long _ = ask("replace " + file);
    }

    /** Bytes of bodies since it was started. */
    public long traffic() throws IOException {
        return ask("traffic");
    }

    private synchronized long ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the origin has ended");
        }
        return Long.parseLong(answer);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
