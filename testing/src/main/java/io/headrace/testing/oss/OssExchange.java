package io.headrace.testing.oss;

import io.headrace.testing.ByteRate;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** One request's body and its response. For one thread. */
final class OssExchange {
    private static final int COPY_BYTES = 256 << 10;
    /** As much of an object as is sent together with the head, in one packet or few. */
    private static final int SMALL_BYTES = 64 << 10;
    /** What a client that was refused may still send before it reads the answer. */
    private static final long MOST_DRAINED_BYTES = 64L << 20;

    /** What a connection reads from and writes to. */
    record Wire(InputStream input, SocketChannel output, String requestId) {}

    /** How fast object data flows, and who counts it. */
    record Flow(Supplier<OssThrottle> throttle, ByteRate total, OssTraffic traffic) {}

    private final OssRequest request;
    private final Wire wire;
    private final Flow flow;
    private final ByteRate stream = new ByteRate();
    private long unread;
    private boolean awaitsContinue;
    private boolean keepsAlive;

    OssExchange(OssRequest request, Wire wire, Flow flow) {
        this.request = request;
        this.wire = wire;
        this.flow = flow;
        this.unread = request.header("content-length")
                .filter(text -> text.matches("\\d{1,15}"))
                .map(Long::valueOf)
                .orElse(0L);
        this.awaitsContinue = request.header("expect")
                .filter("100-continue"::equalsIgnoreCase)
                .isPresent();
        this.keepsAlive =
                request.header("connection").filter("close"::equalsIgnoreCase).isEmpty();
    }

    OssRequest request() {
        return request;
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    private void beginBody() throws IOException, OssRefusal {
        if (request.header("content-length").isEmpty()) {
            keepsAlive = false;
            throw new OssRefusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
        if (awaitsContinue) {
            write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            awaitsContinue = false;
        }
    }

    void saveBody(Path file) throws IOException, OssRefusal {
        beginBody();
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, unread))];
        try (FileChannel target = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (unread > 0) {
                ByteBuffer piece = ByteBuffer.wrap(buffer, 0, readBody(buffer));
                while (piece.hasRemaining()) {
                    target.write(piece);
                }
            }
        }
    }

    byte[] body() throws IOException, OssRefusal {
        beginBody();
        if (unread > MOST_DRAINED_BYTES) {
            throw new OssRefusal(400, "EntityTooLarge", "The request is too large.");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[COPY_BYTES];
        while (unread > 0) {
            content.write(buffer, 0, readBody(buffer));
        }
        return content.toByteArray();
    }

    private int readBody(byte[] buffer) throws IOException {
        int count = wire.input().read(buffer, 0, (int) Math.min(buffer.length, unread));
        if (count < 0) {
            throw new EOFException("the client went away");
        }
        unread -= count;
        return count;
    }

    private void dropBody() throws IOException {
        if (unread > MOST_DRAINED_BYTES || (awaitsContinue && unread > 0)) {
            keepsAlive = false;
            return;
        }
        byte[] buffer = new byte[8 << 10];
        while (unread > 0) {
            readBody(buffer);
        }
    }

    void refuse(OssRefusal refusal) throws IOException {
        flow.traffic().refused();
        byte[] xml = refusal.toXml(wire.requestId()).getBytes(StandardCharsets.UTF_8);
        if (request.method().equals("HEAD") || refusal.status() == 304) {
            // A response to HEAD has no body, and none with status 304: the error is in a header.
            reply(refusal.status(), Map.of("x-oss-err", Base64.getEncoder().encodeToString(xml)), new byte[0]);
        } else {
            reply(refusal.status(), Map.of("Content-Type", "application/xml"), xml);
        }
    }

    void reply(int status, Map<String, String> headers, byte[] body) throws IOException {
        write(head(status, headers, body.length, body.length).put(body).flip());
    }

    /** Only a head that says that {@code length} bytes would follow. */
    void replyHead(Map<String, String> headers, long length) throws IOException {
        write(head(200, headers, length, 0).flip());
    }

    void replyFile(int status, Map<String, String> headers, FilePart part) throws IOException {
        boolean small = part.length() <= SMALL_BYTES && !flow.throttle().get().limitsBytes();
        ByteBuffer head = head(status, headers, part.length(), small ? (int) part.length() : 0);
        if (!small) {
            write(head.flip());
            send(part);
            return;
        }
        head.limit(head.position() + (int) part.length());
        for (long at = part.offset(); head.hasRemaining(); ) {
            int count = part.file().read(head, at);
            if (count < 0) {
                throw new EOFException("the file became shorter");
            }
            at += count;
        }
        write(head.flip());
        flow.traffic().sent(part.length());
    }

    record FilePart(FileChannel file, long offset, long length) {}

    private void send(FilePart part) throws IOException {
        long end = part.offset() + part.length();
        for (long at = part.offset(); at < end; ) {
            OssThrottle throttle = flow.throttle().get();
            long piece = throttle.limitsBytes() ? Math.min(COPY_BYTES, end - at) : end - at;
            stream.pass(piece, throttle.bytesPerSecondPerStream());
            flow.total().pass(piece, throttle.bytesPerSecond());
            for (long left = piece; left > 0; ) {
                long count = part.file().transferTo(at, left, wire.output());
                if (count <= 0) {
                    throw new EOFException("the file became shorter");
                }
                flow.traffic().sent(count);
                at += count;
                left -= count;
            }
        }
    }

    private ByteBuffer head(int status, Map<String, String> headers, long length, int room) throws IOException {
        dropBody();
        long wait = flow.throttle().get().latency().toNanos();
        for (long until = System.nanoTime() + wait;
                wait > 0 && !Thread.currentThread().isInterrupted(); ) {
            LockSupport.parkNanos(wait);
            wait = until - System.nanoTime();
        }
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ").append(status).append(" ").append(status < 300 ? "OK" : "Refused");
        head.append("\r\nServer: AliyunOSS\r\nDate: ")
                .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        head.append("\r\nx-oss-request-id: ").append(wire.requestId());
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        if (status != 204 && status != 304) {
            head.append("\r\nContent-Length: ").append(length);
        }
        head.append("\r\nConnection: ")
                .append(keepsAlive ? "keep-alive" : "close")
                .append("\r\n\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length + room).put(bytes);
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            wire.output().write(bytes);
        }
    }
}
