package io.headrace.testing.origin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.testing.ByteRate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The process of an HTTP origin of {@link VersionedFiles}. It takes commands, a line each, and answers each with a line:
 * {@code replace N} with the new version of file N, {@code traffic} with the bytes of bodies sent. It ends with its input.
 */
public final class VersionedOrigin {
    private static final String ROOT = "/files/";
    private static final int PORT = 8000;

    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,10})-(\\d{1,10})");
    private static final int CHUNK = 1 << 18;

    private final Instant started =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(1, ChronoUnit.DAYS);
    private final VersionedFiles files;
    private final long streamBytesPerSecond;
    private final AtomicLongArray versions;
    private final AtomicLong bytes = new AtomicLong();

    private VersionedOrigin(VersionedFiles files, long streamBytesPerSecond) {
        this.files = files;
        this.streamBytesPerSecond = streamBytesPerSecond;
        this.versions = new AtomicLongArray(files.count());
    }

    /** The URI of all its files. */
    public static String at(String address) {
        return "http://" + address + ":" + PORT + ROOT;
    }

    /** Arguments: address, seed, number of files, length of each, most bytes a second of one answer (0 for no limit). */
    public static void main(String[] arguments) throws IOException {
        VersionedFiles files = new VersionedFiles(
                Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        VersionedOrigin origin = new VersionedOrigin(files, Long.parseLong(arguments[4]));
        HttpServer server = HttpServer.create(new InetSocketAddress(arguments[0], PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(ROOT, exchange -> {
            try (exchange) {
                origin.answer(exchange);
            }
        });
        server.start();
        System.out.println("serving");
        origin.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        server.stop(0);
    }

    private void obey(BufferedReader commands) throws IOException {
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(
                    line.startsWith("replace ")
                            ? versions.incrementAndGet(Integer.parseInt(line.substring("replace ".length())))
                            : bytes.get());
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(ROOT.length());
        OptionalInt file = files.number(name);
        if (name.isEmpty()) {
            index(exchange);
        } else if (file.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            file(exchange, file.getAsInt(), versions.get(file.getAsInt()));
        }
    }

    private void index(HttpExchange exchange) throws IOException {
        byte[] page = IntStream.range(0, files.count())
                .mapToObj(VersionedFiles::name)
                .map(name -> "<a href=\"" + name + "\">" + name + "</a>\n")
                .collect(Collectors.joining("", "<html><body>\n", "</body></html>"))
                .getBytes(StandardCharsets.UTF_8);
        boolean head = "HEAD".equals(exchange.getRequestMethod());
        exchange.sendResponseHeaders(200, head ? -1 : page.length);
        if (!head) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        }
    }

    private void file(HttpExchange exchange, int file, long version) throws IOException {
        String tag = "\"v" + version + "\"";
        exchange.getResponseHeaders().add("ETag", tag);
        exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
        exchange.getResponseHeaders().add("Last-Modified", HTTP_DATE.format(started.plusSeconds(version)));
        String condition = exchange.getRequestHeaders().getFirst("If-Match");
        if (condition != null && !condition.equals(tag)) {
            exchange.sendResponseHeaders(412, -1);
        } else if ("HEAD".equals(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(files.lengthBytes()));
            exchange.sendResponseHeaders(200, -1);
        } else {
            body(exchange, file, version);
        }
    }

    private void body(HttpExchange exchange, int file, long version) throws IOException {
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        long start = 0;
        long end = files.lengthBytes();
        int status = 200;
        if (range.matches()) {
            start = Long.parseLong(range.group(1));
            end = Math.min(end, Long.parseLong(range.group(2)) + 1);
            status = 206;
            if (start >= end) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + files.lengthBytes());
        }
        exchange.sendResponseHeaders(status, end - start);
        try (OutputStream output = exchange.getResponseBody()) {
            byte[] chunk = new byte[CHUNK];
            ByteRate rate = new ByteRate();
            for (long at = start; at < end; ) {
                int length = (int) Math.min(CHUNK, end - at);
                files.fill(MemorySegment.ofArray(chunk).asSlice(0, length), file, version, at);
                rate.pass(length, streamBytesPerSecond);
                output.write(chunk, 0, length);
                bytes.addAndGet(length);
                at += length;
            }
        }
    }
}
