package io.headrace.client.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.local.LeaseAnswer;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseCodec;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.protocol.local.LeaseRequest.Release;
import io.headrace.protocol.unix.ReceivedFile;
import io.headrace.protocol.unix.RuntimeDirectory;
import io.headrace.protocol.unix.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A connection to a worker's socket. The worker may punch what it lent when the connection is closed, so the socket is closed
 * after the last borrowed file is, whatever happened before. One thread at a time asks; files may end on any.
 */
final class LeaseConnection {
    private final UnixSocket socket;
    private final Bytes token;

    @GuardedBy("this")
    private final Deque<Integer> toRelease = new ArrayDeque<>();

    @GuardedBy("this")
    private int files;

    @GuardedBy("this")
    private boolean ended;

    private LeaseConnection(UnixSocket socket, Bytes token) {
        this.socket = socket;
        this.token = token;
    }

    /** What a worker answers to the question for a block. */
    sealed interface Outcome {
        /** A file of its own. */
        record Opened(BorrowedFile file) implements Outcome {}

        /** What is known. */
        record Told(LeaseAnswer answer) implements Outcome {}
    }

    /**
     * Connects and says HELLO.
     *
     * @throws IOException when nobody listens, the worker is not to be trusted, or it refuses
     */
    static LeaseConnection open(Path path, Bytes token, Duration patience) throws IOException {
        UnixSocket socket = UnixSocket.connect(path);
        boolean greeted = false;
        try {
            requireTrusted(socket.peer(), path);
            socket.patience(patience, patience);
            LeaseConnection connection = new LeaseConnection(socket, token);
            connection.greet();
            greeted = true;
            return connection;
        } finally {
            if (!greeted) {
                socket.close();
            }
        }
    }

    /** Whoever listens gets the token, and its bytes are believed. */
    private static void requireTrusted(UnixSocket.Peer peer, Path path) throws IOException {
        if (peer.user() != 0
                && peer.user() != RuntimeDirectory.user()
                && peer.user() != RuntimeDirectory.owner(path.resolveSibling("."))) {
            throw new IOException("user " + peer.user() + " listens at " + path
                    + ", who is neither root nor this process's user nor the directory's owner");
        }
    }

    boolean showed(Bytes other) {
        return token.equals(other);
    }

    /** Asks for a block, when what ended since the last question was released. */
    Outcome ask(OpenLocal question) throws IOException {
        releaseEnded();
        socket.send(LeaseCodec.encode(question));
        ByteBuffer head = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES);
        OptionalInt passed = socket.receiveFully(head);
        boolean kept = false;
        try {
            LeaseAnswer answer = rest(head.flip());
            if (answer instanceof Lent lent && lent.fresh()) {
                if (passed.isEmpty()) {
                    throw new MalformedFrameException("a worker lent a file without its descriptor");
                }
                kept = true;
                return new Outcome.Opened(borrowed(question, lent, passed.getAsInt()));
            }
            return new Outcome.Told(answer);
        } finally {
            if (!kept) {
                UnixSocket.dropDescriptor(passed);
            }
        }
    }

    /** Tells the worker which files ended. */
    void releaseEnded() throws IOException {
        for (Optional<Integer> next = nextToRelease(); next.isPresent(); next = nextToRelease()) {
            socket.send(LeaseCodec.encode(new Release(next.get())));
            ByteBuffer head = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES);
            UnixSocket.dropDescriptor(socket.receiveFully(head));
            LeaseAnswer _ = rest(head.flip());
        }
    }

    /** No more questions. The socket goes with the last file. */
    void end() {
        boolean last;
        synchronized (this) {
            last = !ended && files == 0;
            ended = true;
        }
        if (last) {
            socket.close();
        }
    }

    private BorrowedFile borrowed(OpenLocal question, Lent lent, int descriptor) {
        synchronized (this) {
            files++;
        }
        return new BorrowedFile(
                question.version(),
                lent.lease(),
                new ReceivedFile(descriptor),
                lent.blocks(),
                () -> fileEnded(lent.lease()));
    }

    private void fileEnded(int lease) {
        boolean last;
        synchronized (this) {
            files--;
            toRelease.add(lease);
            last = ended && files == 0;
        }
        if (last) {
            socket.close();
        }
    }

    private synchronized Optional<Integer> nextToRelease() {
        return Optional.ofNullable(toRelease.poll());
    }

    private void greet() throws IOException {
        socket.send(Hello.withToken(token).encode());
        ByteBuffer head = ByteBuffer.allocate(Welcome.HEAD_BYTES);
        UnixSocket.dropDescriptor(socket.receiveFully(head));
        int message = Welcome.messageBytes(head.flip());
        ByteBuffer whole = ByteBuffer.allocate(Welcome.HEAD_BYTES + message).put(head);
        UnixSocket.dropDescriptor(socket.receiveFully(whole));
        if (Welcome.decode(whole.flip()) instanceof Welcome.Refused(var failure)) {
            throw failure.asException("the worker of this machine");
        }
    }

    /** What follows a head. */
    private LeaseAnswer rest(ByteBuffer head) throws IOException {
        int more = LeaseCodec.answerBytes(head);
        ByteBuffer whole = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES + more).put(head);
        UnixSocket.dropDescriptor(socket.receiveFully(whole));
        return LeaseCodec.decodeAnswer(whole.flip());
    }
}
