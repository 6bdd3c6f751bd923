package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The SDK's client of one store. Loading the SDK's classes takes a good part of a second, so it happens on a thread of its
 * own from the moment that the store is made, and the first call waits for what is left of it.
 */
final class S3Session implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private record Started(S3Client client, S3Credentials credentials) {}

    private final FutureTask<Started> start;
    private final boolean customEndpoint;
    private final String host;
    /** Whether the service has ever answered. */
    private volatile boolean answered;

    private S3Session(FutureTask<Started> start, boolean customEndpoint, String host) {
        this.start = start;
        this.customEndpoint = customEndpoint;
        this.host = host;
    }

    static S3Session start(S3Location location, UnderStoreOptions options, Map<String, String> environment) {
        FutureTask<Started> start = new FutureTask<>(() -> build(location, options, environment));
        Thread.ofPlatform().daemon().name("headrace-s3-start").start(start);
        String host = options.endpoint().map(uri -> uri.getAuthority()).orElse("the S3 service");
        return new S3Session(start, hasCustomEndpoint(options, environment), host);
    }

    S3Client client() throws IOException {
        try {
            return start.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).client();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted as the S3 client started");
        } catch (TimeoutException e) {
            throw new OriginException.Unavailable(
                    "the S3 client did not start within " + START_TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OriginException refused) {
                throw refused;
            }
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    "the S3 client cannot start: " + e.getCause()
                            + ". Check the options, the AWS_ environment variables and the profile files",
                    e);
        }
    }

    boolean customEndpoint() {
        return customEndpoint;
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

    private static Started build(S3Location location, UnderStoreOptions options, Map<String, String> environment)
            throws OriginException {
        boolean customEndpoint = hasCustomEndpoint(options, environment);
        Region region = region(options);
        ApacheHttpClient.Builder http = httpClient(options);
        S3Credentials credentials = S3Credentials.of(options, region, environment);
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(new InterruptibleHttp.Builder(http, options.answerTimeout()))
                .credentialsProvider(credentials.provider())
                .region(region)
                .forcePathStyle(options.pathStyle()
                        .orElse(customEndpoint || location.bucket().contains(".")))
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .disableS3ExpressSessionAuth(customEndpoint)
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
        options.endpoint().ifPresent(builder::endpointOverride);
        return new Started(builder.build(), credentials);
    }

    private static ApacheHttpClient.Builder httpClient(UnderStoreOptions options) throws OriginException {
        ApacheHttpClient.Builder http = ApacheHttpClient.builder()
                .connectionTimeout(options.connectTimeout())
                .socketTimeout(options.stallTimeout())
                .connectionAcquisitionTimeout(options.stallTimeout())
                .maxConnections(options.maxConnections())
                .expectContinueEnabled(false)
                .tcpKeepAlive(true);
        if (options.caFile().isPresent()) {
            var trusted = TrustedCertificates.read(options.caFile().get());
            http.tlsTrustManagersProvider(() -> trusted);
        }
        return http;
    }

    private static boolean hasCustomEndpoint(UnderStoreOptions options, Map<String, String> environment) {
        return options.endpoint().isPresent()
                || environment.containsKey("AWS_ENDPOINT_URL_S3")
                || environment.containsKey("AWS_ENDPOINT_URL");
    }

    private static Region region(UnderStoreOptions options) {
        return options.region().map(Region::of).orElseGet(() -> {
            try {
                return new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                        .getRegion();
            } catch (SdkClientException noneIsSet) {
                return Region.US_EAST_1;
            }
        });
    }

    @Override
    public void close() {
        start.cancel(false);
        if (start.state() == FutureTask.State.SUCCESS) {
            start.resultNow().client().close();
            start.resultNow().credentials().close();
        }
    }
}
