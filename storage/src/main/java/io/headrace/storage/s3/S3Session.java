package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
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

    private final FutureTask<S3Client> client;
    private final boolean customEndpoint;
    private final String host;
    /** Whether the service has ever answered. */
    private volatile boolean answered;

    private S3Session(FutureTask<S3Client> client, boolean customEndpoint, String host) {
        this.client = client;
        this.customEndpoint = customEndpoint;
        this.host = host;
    }

    static S3Session start(S3Location location, UnderStoreOptions options) {
        FutureTask<S3Client> client = new FutureTask<>(() -> build(location, options));
        Thread.ofPlatform().daemon().name("headrace-s3-start").start(client);
        String host = options.endpoint().map(uri -> uri.getAuthority()).orElse("the S3 service");
        return new S3Session(client, hasCustomEndpoint(options), host);
    }

    S3Client client() throws IOException {
        try {
            return client.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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

    private static S3Client build(S3Location location, UnderStoreOptions options) throws OriginException {
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
        boolean pathStyle = options.pathStyle()
                .orElse(hasCustomEndpoint(options) || location.bucket().contains("."));
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(http)
                .credentialsProvider(credentials(options))
                .region(region(options))
                .forcePathStyle(pathStyle)
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .disableS3ExpressSessionAuth(hasCustomEndpoint(options))
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
        options.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static boolean hasCustomEndpoint(UnderStoreOptions options) {
        return options.endpoint().isPresent()
                || System.getenv("AWS_ENDPOINT_URL_S3") != null
                || System.getenv("AWS_ENDPOINT_URL") != null;
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

    private static AwsCredentialsProvider credentials(UnderStoreOptions options) throws OriginException {
        if (options.anonymous()) {
            return AnonymousCredentialsProvider.create();
        }
        if (options.credentialsFile().isPresent() || options.profile().isPresent()) {
            return new KnownCredentials(profile(options));
        }
        return new KnownCredentials(AwsCredentialsProviderChain.builder()
                .addCredentialsProvider(EnvironmentVariableCredentialsProvider.create())
                .addCredentialsProvider(ProfileCredentialsProvider.create())
                .addCredentialsProvider(ContainerCredentialsProvider.create())
                .addCredentialsProvider(InstanceProfileCredentialsProvider.create())
                .build());
    }

    private static AwsCredentialsProvider profile(UnderStoreOptions options) throws OriginException {
        ProfileCredentialsProvider.Builder builder = ProfileCredentialsProvider.builder();
        options.profile().ifPresent(builder::profileName);
        if (options.credentialsFile().isPresent()) {
            Path file = options.credentialsFile().get();
            if (!Files.isReadable(file)) {
                throw badFile(
                        file, "it is not there, or user \"" + System.getProperty("user.name") + "\" may not read it");
            }
            try {
                builder.profileFile(ProfileFile.builder()
                        .type(ProfileFile.Type.CREDENTIALS)
                        .content(file)
                        .build());
            } catch (IllegalArgumentException | SdkClientException e) {
                throw badFile(file, "it is not in the form of ~/.aws/credentials, which begins with a line [default]");
            }
        }
        return builder.build();
    }

    private static OriginException badFile(Path file, String why) {
        return new OriginException.Refused(
                Refusal.BAD_CREDENTIALS, "the credentials-file " + file + " cannot be used: " + why);
    }

    @Override
    public void close() {
        client.cancel(false);
        if (client.state() == FutureTask.State.SUCCESS) {
            client.resultNow().close();
        }
    }
}
