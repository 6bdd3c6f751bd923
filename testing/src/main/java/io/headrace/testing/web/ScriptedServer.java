package io.headrace.testing.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server whose answers a test writes, and that remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {
    /** What was asked: {@code "GET /bucket/key"}, as it was sent, and some headers. */
    public record Request(String line, String ifMatch, String range) {}

    /** Answers one request. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    private ScriptedServer(HttpServer server) {
        this.server = server;
    }

    public static ScriptedServer start(Answer answer) throws IOException {
        return start(HttpServer.create(anyPort(), 0), answer);
    }

    public static ScriptedServer startTls(TestCertificate certificate, Answer answer) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return start(server, answer);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static ScriptedServer start(HttpServer server, Answer answer) {
        ScriptedServer scripted = new ScriptedServer(server);
        server.setExecutor(scripted.threads);
        server.createContext("/", exchange -> {
            scripted.requests.add(new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("If-Match")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Range"))));
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
        return scripted;
    }

    /** Answers with a status, headers as name, value, name, value, and a body. */
    public static Answer reply(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean head = "HEAD".equals(exchange.getRequestMethod());
            exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
            if (!head) {
                try (OutputStream output = exchange.getResponseBody()) {
                    output.write(bytes);
                }
            }
        };
    }

    public URI uri() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort());
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
