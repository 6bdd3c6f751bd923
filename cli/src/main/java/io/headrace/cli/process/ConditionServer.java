package io.headrace.cli.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.protocol.cluster.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers over plain HTTP how a process is: {@code /livez} (200 while it runs), {@code /readyz} (200 when it may be asked,
 * else 503) and {@code /metrics} in Prometheus' text format. Says nothing that is secret, and changes nothing.
 */
public final class ConditionServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    static {
        // Read once, by the server's own classes: who opens many connections or sends slowly is cut off.
        System.setProperty("jdk.httpserver.maxConnections", "64");
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
    }

    private final HttpServer server;
    private final ExecutorService answers;

    private ConditionServer(HttpServer server, ExecutorService answers) {
        this.server = server;
        this.answers = answers;
    }

    /** @throws IOException when the endpoint cannot be had; the message names it */
    public static ConditionServer start(Endpoint listen, PrometheusMeterRegistry meters, Supplier<Condition> condition)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(listen.host(), listen.port()), 0);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + listen + " for metrics and health: " + e.getMessage(), e);
        }
        ExecutorService answers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("headrace-http-", 0).factory());
        server.setExecutor(answers);
        server.createContext("/livez", exchange -> answer(exchange, OK, "alive\n"));
        server.createContext("/readyz", exchange -> {
            Condition now = condition.get();
            answer(exchange, now == Condition.READY ? OK : UNAVAILABLE, now + "\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, OK, meters.scrape()));
        server.start();
        return new ConditionServer(server, answers);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        answers.shutdownNow();
    }
}
