package io.headrace.worker.serve;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.RequestCodec;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A client that says what a test wants, in its own time, and reads frame by frame. */
final class RawClient implements AutoCloseable {
    private static final int MOST_WAIT_MILLIS = 45_000;

    private final Socket socket;
    private final DataInputStream input;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MOST_WAIT_MILLIS);
        socket.setTcpNoDelay(true);
        input = new DataInputStream(socket.getInputStream());
    }

    static RawClient greeted(int port) throws IOException {
        RawClient client = new RawClient(port);
        Welcome welcome = client.greet(Hello.withToken(Bytes.EMPTY));
        if (!(welcome instanceof Welcome.Accepted)) {
            throw new IOException("refused: " + welcome);
        }
        return client;
    }

    /** A frame as it came. */
    record Frame(ResponseHead head, ByteBuffer payload) {
        Failure failure() throws IOException {
            return head.failure(payload);
        }

        Status status() {
            return head.status();
        }
    }

    Welcome greet(Hello hello) throws IOException {
        send(hello.encode());
        return welcome();
    }

    Welcome welcome() throws IOException {
        byte[] head = input.readNBytes(Welcome.HEAD_BYTES);
        int message = Welcome.messageBytes(ByteBuffer.wrap(head));
        return Welcome.decode(ByteBuffer.allocate(head.length + message)
                .put(head)
                .put(input.readNBytes(message))
                .flip());
    }

    void send(ByteBuffer bytes) throws IOException {
        byte[] sent = new byte[bytes.remaining()];
        bytes.get(sent);
        socket.getOutputStream().write(sent);
    }

    void send(BlockRequest request) throws IOException {
        send(encoded(request));
    }

    static ByteBuffer encoded(BlockRequest request) {
        ByteBuffer bytes = ByteBuffer.allocate(RequestCodec.encodedBytes(request));
        RequestCodec.encode(request, bytes);
        return bytes.flip();
    }

    void open(int file, FileVersion version) throws IOException {
        send(new BlockRequest.Open(file, file, version));
    }

    static BlockRequest.Read read(long id, int file, ByteRange range) {
        return new BlockRequest.Read(id, file, range, new ReadTerms(FetchReason.DEMAND, Reach.ORIGIN, 1 << 20, 0));
    }

    /** The next frame that is no progress. */
    Frame next() throws IOException {
        Frame frame = nextOfAll();
        while (frame.head().isProgress()) {
            frame = nextOfAll();
        }
        return frame;
    }

    Frame nextOfAll() throws IOException {
        byte[] bytes = new byte[ResponseHead.BYTES];
        input.readFully(bytes);
        ResponseHead head = ResponseHead.decode(ByteBuffer.wrap(bytes));
        byte[] payload = new byte[head.payloadBytes()];
        input.readFully(payload);
        return new Frame(head, ByteBuffer.wrap(payload));
    }

    /** Whether the server ended the connection; waits for something to come. */
    boolean isEnded() throws IOException {
        return input.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
