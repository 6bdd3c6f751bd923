package io.headrace.protocol.unix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A Unix stream socket over which descriptors can go ({@code SCM_RIGHTS}, unix(7)). One thread at a time sends and receives,
 * blocking; any may {@link #shutDown} it, which wakes that thread. {@link #close} is for who knows that no thread is inside: a
 * descriptor's number may be another file's a moment later. All descriptors are closed on exec.
 *
 * <p>Throws {@link EOFException} when the other end closed, {@link SocketTimeoutException} when {@link #patience} ended.
 */
public final class UnixSocket implements AutoCloseable {
    private static final int COPY_BYTES = 64 << 10;
    private static final Duration MOST_CONNECT = Duration.ofSeconds(1);

    private final int descriptor;

    @GuardedBy("this")
    private boolean closed;

    private UnixSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Two that are connected with each other: one for another process. */
    public record Pair(UnixSocket ours, UnixSocket theirs) implements AutoCloseable {
        @Override
        public void close() {
            theirs.close();
            ours.close();
        }
    }

    /** Who is at the other end, as it was when it connected or listened. */
    public record Peer(int process, int user, int group) {}

    /**
     * @param bytes 0 at the end
     * @param descriptor which the caller owns, and closes
     */
    public record Received(int bytes, OptionalInt descriptor) {}

    public static Pair pair() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            require(SocketCalls.socketPair(ends), "cannot make a socket pair");
            return new Pair(new UnixSocket(ends.getAtIndex(JAVA_INT, 0)), new UnixSocket(ends.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** Listens at a path, where no file may be. */
    public static UnixSocket listen(Path path, int backlog) throws IOException {
        UnixSocket socket = new UnixSocket(require(SocketCalls.socket(), "cannot make a socket"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketCalls.address(path, arena);
            require(SocketCalls.bind(socket.descriptor, address), "cannot make the socket " + path);
            require(SocketCalls.listen(socket.descriptor, backlog), "cannot listen at " + path);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Waits a second at most, where the listener accepts slowly. */
    public static UnixSocket connect(Path path) throws IOException {
        UnixSocket socket = new UnixSocket(require(SocketCalls.socket(), "cannot make a socket"));
        try (Arena arena = Arena.ofConfined()) {
            socket.patience(MOST_CONNECT, MOST_CONNECT);
            MemorySegment address = SocketCalls.address(path, arena);
            require(SocketCalls.connect(socket.descriptor, address), "nobody can be reached at " + path);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The next who connects; empty when this was shut down. */
    public Optional<UnixSocket> accept() throws IOException {
        while (true) {
            int accepted = SocketCalls.accept(descriptor);
            if (accepted >= 0) {
                return Optional.of(new UnixSocket(accepted));
            }
            if (accepted == -SocketCalls.EINVAL) {
                return Optional.empty();
            }
            if (accepted != -SocketCalls.EINTR && accepted != -SocketCalls.ECONNABORTED) {
                throw failure("nobody can be accepted", accepted);
            }
        }
    }

    public Peer peer() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(JAVA_INT, 3);
            require(SocketCalls.peerCredentials(descriptor, credentials), "the peer of a socket is not known");
            return new Peer(
                    credentials.getAtIndex(JAVA_INT, 0),
                    credentials.getAtIndex(JAVA_INT, 1),
                    credentials.getAtIndex(JAVA_INT, 2));
        }
    }

    /** How long each call waits from now on; zero for as long as it takes. */
    public void patience(Duration receiving, Duration sending) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int unset = Math.min(
                    SocketCalls.receiveTimeout(descriptor, time(receiving, arena)),
                    SocketCalls.sendTimeout(descriptor, time(sending, arena)));
            require(unset, "a socket's wait cannot be bounded");
        }
    }

    /** {@code struct timeval}. */
    private static MemorySegment time(Duration patience, Arena arena) {
        MemorySegment time = arena.allocate(JAVA_LONG, 2);
        time.setAtIndex(JAVA_LONG, 0, patience.toSeconds());
        time.setAtIndex(JAVA_LONG, 1, TimeUnit.NANOSECONDS.toMicros(patience.toNanosPart()));
        return time;
    }

    /** For a child that inherits it. Stays this socket's. */
    public int descriptor() {
        return descriptor;
    }

    /** Sends all of the bytes. */
    public void send(ByteBuffer bytes) throws IOException {
        send(bytes, OptionalInt.empty());
    }

    /**
     * Sends all of the bytes, at least one, and a descriptor with the first of them.
     *
     * @param passed stays the caller's
     */
    public void send(ByteBuffer bytes, OptionalInt passed) throws IOException {
        OptionalInt next = passed;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, Math.min(COPY_BYTES, bytes.remaining())));
            while (bytes.hasRemaining()) {
                int count = (int) Math.min(copy.byteSize(), bytes.remaining());
                copy.asByteBuffer().put(bytes.slice(bytes.position(), count));
                MemorySegment message = SocketMessage.sending(copy.asSlice(0, count), next, arena);
                long sent = SocketCalls.send(descriptor, message);
                if (sent != -SocketCalls.EINTR) {
                    bytes.position(bytes.position() + require(sent, "the other end takes nothing"));
                    next = OptionalInt.empty();
                }
            }
        }
    }

    /** Waits for some bytes, and takes the descriptor that comes with them. */
    public Received receive(ByteBuffer into) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, Math.min(COPY_BYTES, into.remaining())));
            SocketMessage message = SocketMessage.receiving(copy, arena);
            long received = -SocketCalls.EINTR;
            while (received == -SocketCalls.EINTR) {
                received = SocketCalls.receive(descriptor, message.head());
            }
            int count = require(received, "the other end says nothing");
            into.put(copy.asSlice(0, count).asByteBuffer());
            return new Received(count, message.descriptor(count));
        }
    }

    /**
     * Waits until the buffer is full.
     *
     * @return the descriptor that came with the bytes, which the caller owns
     * @throws EOFException when the other end closed before
     */
    public OptionalInt receiveFully(ByteBuffer into) throws IOException {
        OptionalInt passed = OptionalInt.empty();
        boolean whole = false;
        try {
            while (into.hasRemaining()) {
                Received received = receive(into);
                if (received.descriptor().isPresent()) {
                    dropDescriptor(passed);
                    passed = received.descriptor();
                }
                if (received.bytes() == 0) {
                    throw new EOFException("the other end closed the connection");
                }
            }
            whole = true;
            return passed;
        } finally {
            if (!whole) {
                dropDescriptor(passed);
            }
        }
    }

    /** Closes a descriptor that came unasked. */
    public static void dropDescriptor(OptionalInt passed) {
        passed.ifPresent(SocketCalls::close);
    }

    /** Ends the connection in both directions, or the listening; the thread inside is woken. */
    public synchronized void shutDown() {
        if (!closed) {
            SocketCalls.shutDown(descriptor);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            SocketCalls.close(descriptor);
        }
    }

    private static int require(long returned, String what) throws IOException {
        if (returned < 0) {
            throw failure(what, returned);
        }
        return Math.toIntExact(returned);
    }

    private static IOException failure(String what, long returned) {
        int errno = (int) -returned;
        String message = what + ": " + SocketCalls.describe(errno);
        return switch (errno) {
            case SocketCalls.EAGAIN -> new SocketTimeoutException(message + ", in time");
            case SocketCalls.EPIPE, SocketCalls.ECONNRESET -> new EOFException(message);
            default -> new IOException(message);
        };
    }
}
