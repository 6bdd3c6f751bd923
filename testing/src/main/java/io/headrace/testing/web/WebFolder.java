package io.headrace.testing.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A web server's files below {@code /files/}, with ranges, and pages for folders as nginx makes them. */
public final class WebFolder implements ScriptedServer.Answer {
    public enum Kind {
        /** Entity tags, conditions and folder pages, as nginx. */
        FULL,
        /** No entity tags and no conditions, as Python's server, but with ranges. */
        LAST_MODIFIED_ONLY,
        /** No folder pages, but an index.txt. */
        INDEX_FILE
    }

    private static final class Content {
        final byte[] bytes;
        final String tag;
        final String modified;

        Content(byte[] bytes, long number, Instant modified) {
            this.bytes = bytes;
            this.tag = "\"v" + number + "\"";
            this.modified = HTTP_DATE.format(modified);
        }
    }

    /** Each content is a second newer than the one before; the first is as old as the longest test has contents. */
    private final Instant started =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1500);

    private static final String ROOT = "/files/";
    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Map<String, Content> files = new ConcurrentSkipListMap<>();
    private final AtomicLong puts = new AtomicLong();
    private final Kind kind;

    public WebFolder(Kind kind) {
        this.kind = kind;
    }

    public void put(String key, byte[] bytes) {
        long number = puts.incrementAndGet();
        files.put(key, new Content(bytes, number, started.plusSeconds(number)));
    }

    public void remove(String key) {
        files.remove(key);
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String key = path.startsWith(ROOT) ? path.substring(ROOT.length()) : "";
        Content content = files.get(key);
        if (content != null) {
            file(exchange, content);
        } else if (path.equals(ROOT) || (key.endsWith("/") && isFolder(key))) {
            index(exchange, key);
        } else if (path.startsWith(ROOT) && isFolder(key + "/")) {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().getRawPath() + "/");
            exchange.sendResponseHeaders(301, -1);
        } else if (path.equals(ROOT + "index.txt") && kind == Kind.INDEX_FILE) {
            text(exchange, String.join("\n", files.keySet()) + "\n");
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private boolean isFolder(String prefix) {
        return files.keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    private void index(HttpExchange exchange, String folder) throws IOException {
        if (kind == Kind.INDEX_FILE) {
            exchange.sendResponseHeaders(403, -1);
            return;
        }
        Set<String> names = new TreeSet<>();
        for (String key : files.keySet()) {
            if (key.startsWith(folder)) {
                int slash = key.indexOf('/', folder.length());
                names.add(key.substring(folder.length(), slash < 0 ? key.length() : slash + 1));
            }
        }
        text(
                exchange,
                names.stream()
                        .map(name -> "<a href=\"" + escaped(name) + "\">" + name.length() + "</a>\n")
                        .collect(Collectors.joining("", "<html><body><a href=\"../\">../</a>\n", "</body></html>")));
    }

    private static String escaped(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    private static void text(HttpExchange exchange, String text) throws IOException {
        ScriptedServer.reply(200, text).to(exchange);
    }

    private void file(HttpExchange exchange, Content content) throws IOException {
        exchange.getResponseHeaders().add("Last-Modified", content.modified);
        exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
        String condition = exchange.getRequestHeaders().getFirst("If-Match");
        if (kind != Kind.LAST_MODIFIED_ONLY) {
            exchange.getResponseHeaders().add("ETag", content.tag);
            if (condition != null && !condition.equals(content.tag)) {
                exchange.sendResponseHeaders(412, -1);
                return;
            }
        }
        if ("HEAD".equals(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        body(exchange, content.bytes);
    }

    private static void body(HttpExchange exchange, byte[] bytes) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int start = 0;
        int end = bytes.length;
        int status = 200;
        if (range != null) {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) >= bytes.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            start = Integer.parseInt(matcher.group(1));
            end = Math.min(bytes.length, Integer.parseInt(matcher.group(2)) + 1);
            status = 206;
            exchange.getResponseHeaders().add("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(status, end - start);
        try (OutputStream output = exchange.getResponseBody()) {
            output.write(bytes, start, end - start);
        } catch (IOException readerLeft) {
            if (!String.valueOf(readerLeft.getMessage())
                    .toLowerCase(Locale.ROOT)
                    .matches(".*(broken pipe|reset|closed).*")) {
                throw readerLeft;
            }
        }
    }
}
