package io.headrace.storage.http;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** The connections to one web server. Their classes load on a thread of its own, as the store is made. */
final class HttpSession implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_REDIRECTS = 5;

    private final FutureTask<CloseableHttpClient> client;
    private final String host;
    private final Duration answerTimeout;
    private volatile boolean answered;

    private HttpSession(FutureTask<CloseableHttpClient> client, String host, Duration answerTimeout) {
        this.client = client;
        this.host = host;
        this.answerTimeout = answerTimeout;
    }

    static HttpSession start(URI location, UnderStoreOptions options) {
        FutureTask<CloseableHttpClient> client = new FutureTask<>(() -> build(options));
        Thread.ofPlatform().daemon().name("headrace-http-start").start(client);
        return new HttpSession(client, location.getRawAuthority(), options.answerTimeout());
    }

    CloseableHttpClient client() throws IOException {
        try {
            return client.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted as the HTTP client started");
        } catch (TimeoutException e) {
            throw new OriginException.Unavailable(
                    "the HTTP client did not start within " + START_TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OriginException refused) {
                throw refused;
            }
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, "the HTTP client cannot start: " + e.getCause() + ". Check the options", e);
        }
    }

    String host() {
        return host;
    }

    /** For an answer that holds no file's bytes. */
    Duration answerTimeout() {
        return answerTimeout;
    }

    void answered() {
        answered = true;
    }

    boolean hasAnswered() {
        return answered;
    }

    private static CloseableHttpClient build(UnderStoreOptions options)
            throws OriginException, GeneralSecurityException {
        Timeout stall = Timeout.of(options.stallTimeout());
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(options.maxConnections())
                .setMaxConnPerRoute(options.maxConnections())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(stall)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(options.connectTimeout()))
                        .setSocketTimeout(stall)
                        .build());
        if (options.caFile().isPresent()) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, TrustedCertificates.read(options.caFile().get()), null);
            connections.setTlsSocketStrategy(
                    ClientTlsStrategyBuilder.create().setSslContext(context).buildClassic());
        }
        return HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(stall)
                        .setConnectionRequestTimeout(stall)
                        .setMaxRedirects(MOST_REDIRECTS)
                        .setContentCompressionEnabled(false)
                        .build())
                .setRedirectStrategy(new SafeRedirects())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("headrace")
                .build();
    }

    @Override
    public void close() {
        client.cancel(false);
        if (client.state() == FutureTask.State.SUCCESS) {
            client.resultNow().close(CloseMode.IMMEDIATE);
        }
    }
}
