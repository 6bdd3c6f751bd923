package io.headrace.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.protocol.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A web server on the loopback interface that serves a model at a stated rate, all its streams together. */
final class DemoOrigin implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    private static final int PIECE_BYTES = 256 << 10;
    private static final String INDEX = "index.txt";
    /** Beside the model's files: how many of their bytes were sent, as text. */
    static final String SENT = ".sent";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, ModelFile> files;
    private final Throttle throttle;
    private final LongAdder sent = new LongAdder();

    private DemoOrigin(HttpServer server, Map<String, ModelFile> files, Throttle throttle) {
        this.server = server;
        this.files = files;
        this.throttle = throttle;
    }

    static DemoOrigin start(Model model, long bytesPerSecond) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map<String, ModelFile> files =
                model.files().stream().collect(Collectors.toUnmodifiableMap(ModelFile::name, Function.identity()));
        DemoOrigin origin = new DemoOrigin(server, files, new Throttle(bytesPerSecond));
        server.setExecutor(origin.threads);
        server.createContext("/", origin::answer);
        server.start();
        return origin;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(1);
            if (name.equals(INDEX)) {
                byte[] index = String.join("\n", files.keySet()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("ETag", "\"index\"");
                send(exchange, index);
                return;
            }
            if (name.equals(SENT)) {
                send(exchange, Long.toString(sent.sum()).getBytes(StandardCharsets.US_ASCII));
                return;
            }
            Optional<ModelFile> file = Optional.ofNullable(files.get(name));
            if (file.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                answer(exchange, file.get());
            }
        }
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(200, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private void answer(HttpExchange exchange, ModelFile file) throws IOException {
        String tag = "\"" + file.name() + "-" + file.lengthBytes() + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        String wanted = exchange.getRequestHeaders().getFirst("If-Match");
        if (wanted != null && !wanted.equals(tag)) {
            exchange.sendResponseHeaders(412, -1);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(file.lengthBytes()));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String header = exchange.getRequestHeaders().getFirst("Range");
        ByteRange whole = new ByteRange(0, file.lengthBytes());
        ByteRange range = header == null ? whole : parse(header, whole);
        if (range.isEmpty()) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (header != null) {
            String said = "bytes " + range.offset() + "-" + (range.end() - 1) + "/" + file.lengthBytes();
            exchange.getResponseHeaders().set("Content-Range", said);
        }
        exchange.sendResponseHeaders(header == null ? 200 : 206, range.length());
        stream(file, range, exchange.getResponseBody());
    }

    private static ByteRange parse(String header, ByteRange whole) {
        Matcher matcher = RANGE.matcher(header);
        if (!matcher.matches()) {
            return whole;
        }
        long first = Math.min(Long.parseLong(matcher.group(1)), whole.end());
        String last = matcher.group(2);
        long end = last.isEmpty() ? whole.end() : Math.min(whole.end(), Long.parseLong(last) + 1);
        return ByteRange.between(first, Math.max(first, end));
    }

    private void stream(ModelFile file, ByteRange range, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long at = range.offset(); at < range.end(); at += piece.length) {
            int length = (int) Math.min(piece.length, range.end() - at);
            file.fill(at, ByteBuffer.wrap(piece, 0, length));
            throttle.take(length);
            out.write(piece, 0, length);
            sent.add(length);
        }
    }
}
