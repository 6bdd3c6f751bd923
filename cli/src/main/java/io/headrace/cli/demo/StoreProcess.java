package io.headrace.cli.demo;

import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import io.headrace.testing.oss.OssThrottle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The demo's object store, an OSS server in a process of its own; benchmarks use it too. It must not share one with the loader: a thread that
 * waits in a page fault reaches no safepoint, so the first garbage collection would stop the server that the page is to
 * come from. Each line that is said to it is answered with the bytes sent so far; it ends when its standard input does.
 */
public final class StoreProcess implements AutoCloseable {
    private static final long END_SECONDS = 5;

    private final Process process;
    private final BufferedReader answers;
    private final URI endpoint;

    private StoreProcess(Process process, BufferedReader answers, URI endpoint) {
        this.process = process;
        this.answers = answers;
        this.endpoint = endpoint;
    }

    /** In the child. Its arguments are the folder of buckets, bytes a second, and {@code public} when anybody may read. */
    public static void main(String[] arguments) throws IOException {
        OssServerOptions options =
                OssServerOptions.of(Path.of(arguments[0])).with(OssThrottle.total(Long.parseLong(arguments[1])));
        boolean open = arguments.length > 2 && arguments[2].equals("public");
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (OssServer server = OssServer.start(open ? options.withPublicRead() : options)) {
            System.out.println(server.endpoint());
            while (questions.readLine() != null) {
                System.out.println(server.traffic().bytesSent());
            }
        }
    }

    /** @param buckets a folder whose folders are buckets */
    public static StoreProcess start(Path buckets, long bytesPerSecond) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProcess.class.getName(),
                        buckets.toString(),
                        Long.toString(bytesPerSecond)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        String endpoint = answers.readLine();
        if (endpoint == null) {
            process.destroyForcibly();
            throw new IOException("the demo's store did not start; what it said is above");
        }
        return new StoreProcess(process, answers, URI.create(endpoint));
    }

    public URI endpoint() {
        return endpoint;
    }

    /** Bytes of objects sent so far. */
    public long sentBytes() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the demo's store has ended; what it said is above");
        }
        return Long.parseLong(answer);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
