package io.headrace.testing.seaweed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A SeaweedFS process that serves S3 on 127.0.0.1, on ports and in a folder of its own. {@code dev/install-test-parts}
 * installs the program. Closing ends the process and removes its data.
 */
public final class SeaweedServer implements AutoCloseable {
    /** May do everything. */
    public static final S3Identity ADMIN =
            new S3Identity("admin", "HEADRACEADMINKEY0001", "headrace-admin-secret-0001", List.of("Admin"));
    /** May list and read. */
    public static final S3Identity READER =
            new S3Identity("reader", "HEADRACEREADERKEY001", "headrace-reader-secret-001", List.of("Read", "List"));
    /** Known, and may do nothing with objects. */
    public static final S3Identity STRANGER = new S3Identity(
            "stranger", "HEADRACESTRANGERK001", "headrace-stranger-secret-1", List.of("Read:no-such-bucket"));

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOG_TAIL_CHARACTERS = 2000;

    private final Path folder;
    private final Process process;
    private final List<Integer> ports;

    private SeaweedServer(Path folder, Process process, List<Integer> ports) {
        this.folder = folder;
        this.process = process;
        this.ports = ports;
    }

    /** Starts a server and waits until it takes objects. */
    public static SeaweedServer start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("headrace-seaweed-");
        List<Integer> ports = freePorts(10);
        Files.writeString(folder.resolve("s3.json"), configuration());
        Files.createDirectory(folder.resolve("data"));
        Process process = new ProcessBuilder(command(folder, ports))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("weed.log").toFile())
                .start();
        SeaweedServer server = new SeaweedServer(folder, process, ports);
        try {
            server.awaitReady(URI.create("http://127.0.0.1:" + ports.get(1) + "/dir/assign"));
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static List<String> command(Path folder, List<Integer> ports) {
        return List.of(
                program().toString(),
                "server",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-dir=" + folder.resolve("data"),
                "-filer",
                "-s3",
                "-s3.config=" + folder.resolve("s3.json"),
                "-s3.port=" + ports.get(0),
                "-master.port=" + ports.get(1),
                "-volume.port=" + ports.get(2),
                "-filer.port=" + ports.get(3),
                "-master.port.grpc=" + ports.get(4),
                "-volume.port.grpc=" + ports.get(5),
                "-filer.port.grpc=" + ports.get(6),
                "-s3.port.grpc=" + ports.get(7),
                "-s3.port.iceberg=" + ports.get(8),
                "-s3.port.lance=" + ports.get(9),
                "-volume.max=200",
                "-master.electionTimeout=1s",
                "-master.heartbeatInterval=100ms",
                "-master.volumeSizeLimitMB=1024",
                "-master.telemetry=false");
    }

    /** Where S3 is served, by path style. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + ports.getFirst());
    }

    /** The server's process, for who wants to stop it ({@code SIGSTOP}) or count its work. */
    public long pid() {
        return process.pid();
    }

    private void awaitReady(URI assign) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            while (!(answers(client, assign, "\"fid\"") && answers(client, endpoint(), "<"))) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("SeaweedFS did not start: " + logTail());
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted as SeaweedFS started");
                }
            }
        }
    }

    private static boolean answers(HttpClient client, URI uri, String expected) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains(expected);
        } catch (IOException notYet) {
            return false;
        }
    }

    private String logTail() throws IOException {
        String log = Files.readString(folder.resolve("weed.log"));
        return log.substring(Math.max(0, log.length() - LOG_TAIL_CHARACTERS));
    }

    private static Path program() {
        for (Optional<Path> at = Optional.of(Path.of("").toAbsolutePath());
                at.isPresent();
                at = at.map(Path::getParent)) {
            Path weed = at.get().resolve(".test-parts/bin/weed");
            if (Files.isExecutable(weed)) {
                return weed;
            }
        }
        throw new IllegalStateException("SeaweedFS is not installed; run dev/install-test-parts");
    }

    /** Ports that are free together now; none of them is handed out twice in one call. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static String configuration() {
        return Stream.of(ADMIN, READER, STRANGER)
                .map(S3Identity::toJson)
                .collect(Collectors.joining(",", "{\"identities\":[", "]}"));
    }

    /** SeaweedFS makes Unix sockets in /tmp, named by its ports. */
    private void removeSockets() {
        try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
            for (Path file : files.filter(this::isSocketOfThisServer).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove the sockets of SeaweedFS in /tmp", e);
        }
    }

    private boolean isSocketOfThisServer(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith("seaweedfs-") && ports.stream().anyMatch(port -> name.endsWith("-" + port + ".sock"));
    }

    /** Kills the process, which would take long to end in order, and removes its data. */
    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return;
        }
        process.destroyForcibly();
        try {
            process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        removeSockets();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + folder, e);
        }
    }
}
