package io.headrace.cli.demo;

import io.headrace.protocol.ByteSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The demo's origin in a process of its own. It must not share one with the loader: a thread that waits in a page fault
 * reaches no safepoint, so the first garbage collection would stop the origin that the page is to come from.
 */
final class OriginProcess implements AutoCloseable {
    private static final long END_SECONDS = 5;

    private final Process process;
    private final URI uri;

    private OriginProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** In the child: serves until its standard input ends, which it does when the demo does. */
    public static void main(String[] arguments) throws IOException {
        Model model = Model.of(new ByteSize(Long.parseLong(arguments[0])));
        try (DemoOrigin origin = DemoOrigin.start(model, Long.parseLong(arguments[1]))) {
            System.out.println(origin.uri());
            while (System.in.read() >= 0) {
                // Nothing is said to it but the end.
            }
        }
    }

    static OriginProcess start(ByteSize size, ByteSize bytesPerSecond) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OriginProcess.class.getName(),
                        Long.toString(size.bytes()),
                        Long.toString(bytesPerSecond.bytes())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the demo's store did not start; what it said is above");
        }
        return new OriginProcess(process, URI.create(line));
    }

    URI uri() {
        return uri;
    }

    /** Bytes of files sent so far. */
    long sentBytes() throws IOException {
        try (InputStream in = uri.resolve(DemoOrigin.SENT).toURL().openStream()) {
            return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
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
