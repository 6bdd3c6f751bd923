package io.headrace.testing.fault;

import io.headrace.testing.ByteRate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection and the proxy's own to the origin. The thread of {@link #run} carries requests, another one
 * answers; {@link #answer} is handed from the first to the second.
 */
final class FaultyConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int PIECE_BYTES = 16 << 10;

    /** What the origin says between two requests. For the thread that carries answers, but {@link #begun}. */
    private static final class Answer {
        private final Plan plan;
        private volatile boolean begun;
        private boolean spoiled;
        private long bytes;

        Answer(Plan plan) {
            this.plan = plan;
        }
    }

    private final FaultProxy proxy;
    private final Socket client;
    private final InetSocketAddress address;
    private final Socket origin = new Socket();
    private final ByteRate rate = new ByteRate();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Answer answer;

    FaultyConnection(FaultProxy proxy, Socket client, InetSocketAddress address) {
        this.proxy = proxy;
        this.client = client;
        this.address = address;
        this.answer = new Answer(Plan.none());
        this.answer.begun = true;
    }

    void run(Executor threads) {
        try {
            origin.setTcpNoDelay(true);
            origin.connect(address, CONNECT_MILLIS);
            threads.execute(this::carryAnswers);
            carryRequests();
        } catch (IOException eitherSideEnded) {
            close();
        }
    }

    private void carryRequests() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        InputStream input = client.getInputStream();
        for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
            if (answer.begun) {
                Answer next = new Answer(proxy.plan());
                answer = next;
                if (isEndedBefore(next)) {
                    return;
                }
            }
            origin.getOutputStream().write(piece, 0, count);
        }
    }

    /** Whether the fault keeps the request from the origin. */
    private boolean isEndedBefore(Answer next) throws IOException {
        switch (next.plan.fault().orElse(null)) {
            case Fault.Reply reply when take(next) -> reply(reply);
            case Fault.Reset()
            when take(next) -> {
                client.setSoLinger(true, 0);
                client.close();
            }
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    private boolean take(Answer spoiling) {
        if (!spoiling.spoiled && spoiling.plan.take()) {
            spoiling.spoiled = true;
            proxy.countSpoiled();
        }
        return spoiling.spoiled;
    }

    private void reply(Fault.Reply reply) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Spoiled\r\n");
        reply.headers().forEach(header -> head.append(header).append("\r\n"));
        head.append("Content-Length: 0\r\nConnection: close\r\n\r\n");
        client.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        byte[] rest = new byte[PIECE_BYTES];
        while (client.getInputStream().read(rest) >= 0) {
            // What the client still sends is not wanted; closing earlier could reset the answer.
        }
    }

    private void carryAnswers() {
        byte[] piece = new byte[PIECE_BYTES];
        try (this) {
            InputStream input = origin.getInputStream();
            for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
                Answer current = answer;
                // Before the client can see the last of them.
                proxy.countAnswered(current.bytes + count);
                carry(current, piece, count);
                current.bytes += count;
            }
        } catch (IOException eitherSideEnded) {
            // Closing this connection tells the other side.
        } catch (InterruptedException proxyClosed) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Answer current, byte[] piece, int count) throws IOException, InterruptedException {
        boolean first = !current.begun;
        current.begun = true;
        OutputStream output = client.getOutputStream();
        switch (current.plan.fault().orElse(null)) {
            case Fault.Slow(long bytesPerSecond) when take(current) -> rate.pass(count, bytesPerSecond);
            case Fault.Drip(Duration between)
            when take(current) -> {
                for (int i = 0; i < count; i++) {
                    pause(between);
                    output.write(piece, i, 1);
                }
                return;
            }
            case Fault.Late(Duration delay) when first && take(current) -> pause(delay);
            case Fault.Cut(long after)
            when reaches(current, after, count) -> {
                output.write(piece, 0, (int) (after - current.bytes));
                throw new IOException("the answer is cut here");
            }
            case Fault.Hang(long after)
            when reaches(current, after, count) -> {
                output.write(piece, 0, (int) (after - current.bytes));
                ended.await();
                // The socket may be open for a moment yet: what was held back must not follow.
                throw new IOException("the connection ended while its answer hung");
            }
            case Fault.Corrupt(long at) when reaches(current, at, count) -> piece[(int) (at - current.bytes)] ^= 1;
            case null, default -> {}
        }
        output.write(piece, 0, count);
    }

    /** Whether byte {@code at} of the answer is among these, and is to be spoiled. */
    private boolean reaches(Answer current, long at, int count) {
        return at >= current.bytes && at < current.bytes + count && take(current);
    }

    private void pause(Duration delay) throws InterruptedException {
        // Ends early with the connection.
        if (ended.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the connection ended");
        }
    }

    @Override
    public void close() {
        ended.countDown();
        closeQuietly(client);
        closeQuietly(origin);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // It is closed now, which is all that was wanted.
        }
    }
}
