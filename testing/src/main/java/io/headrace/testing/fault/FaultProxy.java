package io.headrace.testing.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before an origin that is reached over TCP, on a free port of 127.0.0.1, and spoils its answers. It knows of the
 * protocol only that the client asks, the origin answers, and the client asks again: an answer is what the origin says
 * between two requests, its head included. That holds for HTTP/1.1 without pipelining, and for other protocols as
 * far as they keep to it. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int END_SECONDS = 10;

    private final InetSocketAddress origin;
    private final ServerSocket listener;
    private final Set<FaultyConnection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("headrace-fault-proxy-", 0).factory());
    private final AtomicInteger spoiled = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long answeredBytes;
    private volatile Plan plan = Plan.none();

    private FaultProxy(InetSocketAddress origin, ServerSocket listener) {
        this.origin = origin;
        this.listener = listener;
    }

    /** @param origin whose host and port are those of the origin */
    public static FaultProxy before(URI origin) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(origin.getHost(), origin.getPort()), listener);
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The same address as the origin's, at this proxy. */
    public URI in(URI original) {
        String rest = original.getRawPath() == null ? "" : original.getRawPath();
        return URI.create(original.getScheme() + "://127.0.0.1:" + port() + rest);
    }

    /** Spoils every answer to what is asked from now on. */
    public void inject(Fault fault) {
        inject(fault, Integer.MAX_VALUE);
    }

    /** Spoils so many answers to what is asked from now on; those that the fault lets pass do not count. */
    public void inject(Fault fault, int answers) {
        plan = Plan.of(fault, answers);
    }

    /** Spoils no more answers. One that hangs goes on hanging. */
    public void heal() {
        plan = Plan.none();
    }

    /** Ends every connection that there is, in the midst of its answer, as an origin does that goes away. */
    public void disconnect() {
        connections.forEach(FaultyConnection::close);
    }

    /** How many answers were spoiled since the proxy was started. */
    public int spoiledAnswers() {
        return spoiled.get();
    }

    /** How many bytes the answer had that was carried last, its head included; for faults inside of one that is alike. */
    public long answeredBytes() {
        return answeredBytes;
    }

    Plan plan() {
        return plan;
    }

    void countAnswered(long bytes) {
        answeredBytes = bytes;
    }

    void countSpoiled() {
        spoiled.incrementAndGet();
    }

    private void accept() {
        try {
            acceptUntilClosed();
        } finally {
            ended.countDown();
        }
    }

    private void acceptUntilClosed() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                FaultyConnection connection = new FaultyConnection(this, client, origin);
                connections.add(connection);
                threads.execute(() -> {
                    try (connection) {
                        connection.run(threads);
                    } finally {
                        connections.remove(connection);
                    }
                });
            } catch (IOException closed) {
                connections.forEach(FaultyConnection::close);
            }
        }
    }

    /** Ends every connection; new ones are refused then. */
    @Override
    public void close() {
        try {
            listener.close();
            awaitClosedPort();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close the proxy's port", e);
        }
        connections.forEach(FaultyConnection::close);
        threads.shutdownNow();
    }

    /** While a thread still sits in the system's accept, the kernel takes connections, and resets them. */
    private void awaitClosedPort() throws IOException {
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("its thread did not end within " + END_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
