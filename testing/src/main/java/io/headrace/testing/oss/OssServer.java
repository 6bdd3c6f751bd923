package io.headrace.testing.oss;

import io.headrace.protocol.ObjectKey;
import io.headrace.testing.ByteRate;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * An origin that speaks the protocol of Alibaba Cloud OSS on a free port of 127.0.0.1: buckets in the path
 * ({@code http://127.0.0.1:PORT/BUCKET/KEY}), in the host name ({@code BUCKET.localhost:PORT}) or in neither (a domain of
 * its own). Every request's V4 signature is checked. It serves objects from files, by {@code sendfile}, one thread for a connection, up to
 * {@link #MOST_CONNECTIONS}.
 *
 * <p>It knows ListObjectsV2, GetObject, HeadObject, PutObject, DeleteObject, uploads in parts, GetBucketInfo and
 * GetBucketLocation; no versions, no presigned URLs, and no signatures before version 4.
 */
public final class OssServer implements AutoCloseable {
    public static final int MOST_CONNECTIONS = 1024;

    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_HEAD_BYTES = 64 << 10;

    private final OssServerOptions options;
    private final ServerSocketChannel listener;
    private final Path uploaded;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final Map<String, String> domains = new ConcurrentHashMap<>();
    private final PendingUploads uploads;
    private final OssTraffic traffic = new OssTraffic();
    private final ByteRate total = new ByteRate();
    private final AtomicLong requestIds = new AtomicLong();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("headrace-oss-server-", 0).factory());
    private volatile OssThrottle throttle;

    private OssServer(OssServerOptions options, ServerSocketChannel listener) {
        this.options = options;
        this.listener = listener;
        this.throttle = options.throttle();
        this.uploaded = options.folder().resolve(".uploaded");
        this.uploads = new PendingUploads(uploaded);
    }

    /** Starts a server; the folders in its folder are its buckets. */
    public static OssServer start(OssServerOptions options) throws IOException {
        ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        OssServer server = new OssServer(options, listener);
        try {
            Files.createDirectories(server.uploaded);
            try (Stream<Path> folders = Files.list(options.folder())) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    String name = String.valueOf(folder.getFileName());
                    if (!name.startsWith(".")) {
                        server.buckets.put(name, new Bucket(name, folder));
                    }
                }
            }
            server.threads.execute(server::accept);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.socket().getLocalPort());
    }

    public String region() {
        return options.region();
    }

    public OssTraffic traffic() {
        return traffic;
    }

    /** Holds from the next piece of every response on. */
    public void throttle(OssThrottle changed) {
        throttle = changed;
    }

    /** How many uploads in parts are neither completed nor aborted. */
    public int pendingUploads() {
        return uploads.count();
    }

    /** Makes an empty bucket and its folder, or takes up anew what is in the folder of one. */
    public Path createBucket(String name) throws IOException {
        Path folder = Files.createDirectories(options.folder().resolve(name));
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            buckets.put(name, new Bucket(name, folder));
        } else {
            bucket.refresh();
        }
        return folder;
    }

    /** What is asked at this host (CNAME) is asked of the bucket, which is then neither in the host name nor in the path. */
    public void bindDomain(String host, String bucket) {
        domains.put(host.toLowerCase(Locale.ROOT), bucket);
    }

    /** Makes or replaces an object, which may have any key. */
    public void put(String bucket, ObjectKey key, byte[] content) throws IOException {
        Path file = uploads.newFile();
        Files.write(file, content);
        bucket(bucket).put(key, file);
    }

    /** Removes an object; a file in the bucket's folder stays there. */
    public void remove(String bucket, ObjectKey key) throws IOException {
        bucket(bucket).remove(key);
    }

    private Bucket bucket(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new IllegalArgumentException("there is no bucket " + name);
        }
        return bucket;
    }

    private void accept() {
        try {
            while (listener.isOpen()) {
                SocketChannel connection = listener.accept();
                connections.add(connection);
                if (connections.size() > MOST_CONNECTIONS || !listener.isOpen()) {
                    drop(connection);
                } else {
                    threads.execute(() -> serve(connection));
                }
            }
        } catch (IOException closed) {
            closeConnections();
        }
    }

    private void serve(SocketChannel connection) {
        try {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connection.socket().setSoTimeout((int) IDLE_TIMEOUT.toMillis());
            InputStream input = new BufferedInputStream(connection.socket().getInputStream(), 64 << 10);
            OssService service = new OssService(options, buckets, uploads, traffic);
            OssExchange.Flow flow = new OssExchange.Flow(() -> throttle, total, traffic);
            for (boolean open = true; open; ) {
                open = serveOne(service, flow, new OssExchange.Wire(input, connection, nextRequestId()));
            }
        } catch (IOException clientWentAway) {
            // What was sent and what was not is in the traffic's counters.
        } finally {
            drop(connection);
        }
    }

    private boolean serveOne(OssService service, OssExchange.Flow flow, OssExchange.Wire wire) throws IOException {
        String head = readHead(wire.input());
        if (head.isEmpty()) {
            return false;
        }
        String[] lines = head.split("\r\n");
        String[] line = lines[0].split(" ");
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        if (line.length != 3) {
            throw new IOException("no HTTP request: " + lines[0]);
        }
        OssExchange exchange;
        try {
            exchange = new OssExchange(OssRequest.of(line[0], line[1], headers, domains), wire, flow);
        } catch (OssRefusal refusal) {
            new OssExchange(OssRequest.unreadable(line[0], headers), wire, flow).refuse(refusal);
            return false;
        }
        try {
            service.handle(exchange);
        } catch (OssRefusal refusal) {
            exchange.refuse(refusal);
        }
        return exchange.keepsAlive();
    }

    /** The request line and headers, without the empty line; empty when the client is done. */
    private static String readHead(InputStream input) throws IOException {
        byte[] head = new byte[MOST_HEAD_BYTES];
        int length = 0;
        while (length < head.length) {
            int next = input.read();
            if (next < 0) {
                if (length > 0) {
                    throw new EOFException("the client went away");
                }
                return "";
            }
            head[length++] = (byte) next;
            if (next == '\n'
                    && length >= 4
                    && head[length - 2] == '\r'
                    && head[length - 3] == '\n'
                    && head[length - 4] == '\r') {
                return new String(head, 0, length - 4, StandardCharsets.UTF_8);
            }
        }
        throw new IOException("the request's head is longer than " + MOST_HEAD_BYTES + " bytes");
    }

    private String nextRequestId() {
        return String.format(Locale.ROOT, "%024X", requestIds.incrementAndGet());
    }

    private void drop(SocketChannel connection) {
        connections.remove(connection);
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close a connection", e);
        }
    }

    private void closeConnections() {
        for (SocketChannel connection : connections) {
            drop(connection);
        }
    }

    /** Ends every connection and removes what was uploaded. */
    @Override
    public void close() {
        try {
            listener.close();
            closeConnections();
            threads.shutdownNow();
            if (!threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("connections of the OSS server did not end");
            }
            if (Files.exists(uploaded)) {
                try (Stream<Path> files = Files.walk(uploaded)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close the OSS server", e);
        }
    }
}
