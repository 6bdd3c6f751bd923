package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.OSSClientBuilder;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import com.aliyun.sdk.service.oss2.retry.NopRetryer;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
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
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The SDK's client of one store. Its classes load on a thread of its own from the moment that the store is made; the
 * first call waits for what is left of it.
 */
final class OssSession implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /** The SDK's client, and the connections, which are what there is to close. */
    private record Started(OSSClient client, CloseableHttpClient connections) {}

    private final FutureTask<Started> start;
    private final String host;
    /** Whether the service has ever answered. */
    private volatile boolean answered;

    private OssSession(FutureTask<Started> start, String host) {
        this.start = start;
        this.host = host;
    }

    static OssSession start(OssEndpoint endpoint, UnderStoreOptions options, CredentialsProvider credentials) {
        FutureTask<Started> start = new FutureTask<>(() -> build(endpoint, options, credentials));
        Thread.ofPlatform().daemon().name("headrace-oss-start").start(start);
        return new OssSession(start, endpoint.uri().getAuthority());
    }

    OSSClient client() throws IOException {
        try {
            return start.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).client();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted as the OSS client started");
        } catch (TimeoutException e) {
            throw new OriginException.Unavailable(
                    "the OSS client did not start within " + START_TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OriginException refused) {
                throw refused;
            }
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, "the OSS client cannot start: " + e.getCause() + ". Check the options", e);
        }
    }

    String host() {
        return host;
    }

    void answered() {
        answered = true;
    }

    boolean hasAnswered() {
        return answered;
    }

    private static Started build(OssEndpoint endpoint, UnderStoreOptions options, CredentialsProvider credentials)
            throws OriginException, GeneralSecurityException {
        PoolingHttpClientConnectionManager connections = connections(options);
        CloseableHttpClient client = httpClient(connections, Timeout.of(options.stallTimeout()));
        return new Started(
                client(endpoint, options, credentials)
                        .httpClient(new OssTransport(client, options.answerTimeout()))
                        .build(),
                client);
    }

    /** All that is said about requests, but not who sends them. */
    static OSSClientBuilder client(OssEndpoint endpoint, UnderStoreOptions options, CredentialsProvider credentials) {
        OSSClientBuilder builder = OSSClient.newBuilder()
                .endpoint(endpoint.uri().toString())
                .usePathStyle(options.pathStyle().orElse(false))
                .useCName(options.cname())
                .signatureVersion("v4")
                .retryer(new NopRetryer())
                .userAgent("headrace")
                .credentialsProvider(credentials);
        if (!endpoint.region().isEmpty()) {
            builder.region(endpoint.region());
        }
        return builder;
    }

    private static CloseableHttpClient httpClient(PoolingHttpClientConnectionManager connections, Timeout stall) {
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(stall)
                        .setConnectionRequestTimeout(stall)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(UnderStoreOptions options)
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
        return connections.build();
    }

    @Override
    public void close() {
        start.cancel(false);
        if (start.state() == FutureTask.State.SUCCESS) {
            start.resultNow().connections().close(CloseMode.IMMEDIATE);
        }
    }
}
