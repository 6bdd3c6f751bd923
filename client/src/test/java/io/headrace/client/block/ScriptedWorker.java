package io.headrace.client.block;

import com.google.errorprone.annotations.Immutable;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.FrameChecksum;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.RequestCodec;
import io.headrace.protocol.block.RequestHead;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.testing.SeededBytes;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker that answers as a test wants, one thread a connection. By itself it has all bytes of every file. */
final class ScriptedWorker implements AutoCloseable {
    private static final SeededBytes BYTES = new SeededBytes(7);

    final List<BlockRequest> asked = new CopyOnWriteArrayList<>();
    final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final String name;
    private final ServerSocket listener;
    private volatile Answer script = ScriptedWorker::good;
    private volatile Optional<Failure> opening = Optional.empty();
    private volatile Welcome welcome = new Welcome.Accepted(1, 0, 256, 16);

    /** Answers one READ; an exception closes the connection. */
    @FunctionalInterface
    interface Answer {
        void answer(BlockRequest.Read read, OutputStream output) throws IOException;
    }

    /** One that an enumeration may have. */
    @Immutable
    @FunctionalInterface
    interface Script extends Answer {}

    ScriptedWorker(String name) throws IOException {
        this.name = name;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    static FileVersion file(int number) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of("file" + number), 64L << 20, new EntityTag("\"1\""));
    }

    static SeededBytes bytes() {
        return BYTES;
    }

    ScriptedWorker reads(Answer next) {
        script = next;
        return this;
    }

    void refusesToOpen(Failure failure) {
        opening = Optional.of(failure);
    }

    void greets(Welcome next) {
        welcome = next;
    }

    Worker worker() {
        return new Worker(
                new WorkerId(name),
                new Endpoint("127.0.0.1", listener.getLocalPort()),
                new Topology(name, Optional.empty(), Optional.empty()),
                1,
                WorkerState.ACTIVE);
    }

    long count(Opcode opcode) {
        return asked.stream().filter(request -> request.opcode() == opcode).count();
    }

    /** The whole range in frames as they were asked for. */
    static void good(BlockRequest.Read read, OutputStream output) throws IOException {
        int frame = read.terms().frameBytes();
        long position = read.range().offset();
        while (position < read.range().end()) {
            long end = Math.min(read.range().end(), position / frame * frame + frame);
            send(output, read, ByteRange.between(position, end), 0);
            position = end;
        }
    }

    /** A data frame of the right bytes, whose head says it lies so far from where it does. */
    static void send(OutputStream output, BlockRequest.Read read, ByteRange range, long shift) throws IOException {
        byte[] payload = new byte[(int) range.length()];
        BYTES.fill(MemorySegment.ofArray(payload), range.offset());
        int crc = FrameChecksum.of(ByteBuffer.wrap(payload), 0, payload.length);
        send(output, ResponseHead.data(read, range.offset() + shift, payload.length, crc), payload);
    }

    static void send(OutputStream output, ResponseHead head, byte[] payload) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ResponseHead.BYTES + payload.length);
        head.encode(bytes);
        output.write(bytes.put(payload).array());
    }

    static void fail(OutputStream output, BlockRequest request, Status status) throws IOException {
        Failure failure = Failure.of(status, "as scripted");
        send(output, ResponseHead.failed(request.opcode(), request.id(), failure), failure.messageBytes());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            ByteBuffer hello = ByteBuffer.wrap(input.readNBytes(Hello.HEAD_BYTES));
            input.skipNBytes(Hello.tokenBytes(hello));
            ByteBuffer encoded = Welcome.encode(welcome);
            byte[] greeting = new byte[encoded.remaining()];
            encoded.get(greeting);
            socket.getOutputStream().write(greeting);
            while (welcome instanceof Welcome.Accepted) {
                answer(next(input), socket.getOutputStream());
            }
        } catch (IOException ended) {
            // By the client, or by the script.
        }
    }

    private BlockRequest next(DataInputStream input) throws IOException {
        byte[] head = new byte[RequestHead.BYTES];
        input.readFully(head);
        int body = RequestCodec.decodeHead(ByteBuffer.wrap(head)).bodyBytes();
        byte[] rest = new byte[body];
        input.readFully(rest);
        BlockRequest request = RequestCodec.decode(
                ByteBuffer.allocate(head.length + body).put(head).put(rest).flip());
        asked.add(request);
        return request;
    }

    private void answer(BlockRequest request, OutputStream output) throws IOException {
        if (request instanceof BlockRequest.Read read) {
            if (opening.isPresent()) {
                fail(output, request, Status.UNKNOWN_FILE);
            } else {
                script.answer(read, output);
            }
        } else if (request instanceof BlockRequest.Open && opening.isPresent()) {
            fail(output, request, opening.get().status());
        } else {
            send(output, ResponseHead.done(request), new byte[0]);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not close the scripted worker", e);
        }
    }
}
