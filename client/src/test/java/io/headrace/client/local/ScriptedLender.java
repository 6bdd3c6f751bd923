package io.headrace.client.local;

import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.local.LeaseAnswer;
import io.headrace.protocol.local.LeaseCodec;
import io.headrace.protocol.local.LeaseRequest;
import io.headrace.protocol.unix.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker's socket that answers as a test says. */
final class ScriptedLender implements AutoCloseable {
    final List<LeaseRequest> asked = new CopyOnWriteArrayList<>();
    private final UnixSocket listener;
    private final List<UnixSocket> connections = new CopyOnWriteArrayList<>();
    private volatile ByteBuffer welcome = Welcome.encode(new Welcome.Accepted(1, 0, 100, 1));
    private volatile Script script = (request, socket) -> socket.shutDown();

    /** What is done when a request came. */
    @FunctionalInterface
    interface Script {
        void answer(LeaseRequest request, UnixSocket socket) throws IOException;
    }

    ScriptedLender(Path path) throws IOException {
        listener = UnixSocket.listen(path, 8);
        Thread _ = Thread.ofPlatform().daemon().name("scripted-lender").start(this::accept);
    }

    void welcomes(ByteBuffer next) {
        welcome = next;
    }

    void answers(Script next) {
        script = next;
    }

    static void say(UnixSocket socket, LeaseAnswer answer, OptionalInt descriptor) throws IOException {
        socket.send(LeaseCodec.encode(answer), descriptor);
    }

    private void accept() {
        try {
            for (Optional<UnixSocket> next = listener.accept(); next.isPresent(); next = listener.accept()) {
                UnixSocket socket = next.get();
                connections.add(socket);
                Thread.ofPlatform().daemon().name("scripted-lender-client").start(() -> serve(socket));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(UnixSocket socket) {
        try {
            ByteBuffer hello = ByteBuffer.allocate(Hello.HEAD_BYTES);
            UnixSocket.dropDescriptor(socket.receiveFully(hello));
            socket.send(welcome.duplicate());
            while (true) {
                ByteBuffer head = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES);
                UnixSocket.dropDescriptor(socket.receiveFully(head));
                int more = LeaseCodec.requestBytes(head.flip());
                ByteBuffer whole =
                        ByteBuffer.allocate(LeaseCodec.HEAD_BYTES + more).put(head);
                UnixSocket.dropDescriptor(socket.receiveFully(whole));
                LeaseRequest request = LeaseCodec.decodeRequest(whole.flip());
                asked.add(request);
                if (request instanceof LeaseRequest.Release(int lease)) {
                    say(socket, new LeaseAnswer.Released(lease), OptionalInt.empty());
                } else {
                    script.answer(request, socket);
                }
            }
        } catch (IOException end) {
            socket.shutDown();
        }
    }

    @Override
    public void close() {
        listener.shutDown();
        connections.forEach(UnixSocket::shutDown);
    }
}
