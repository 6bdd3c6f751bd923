package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The services that hand out credentials, asked as a store asks S3: with its timeouts and one attempt. The SDK's own
 * clients for profiles know none of that, and look for the region in the instance's metadata.
 *
 * @param region the bucket's
 */
record AwsServices(UnderStoreOptions options, Region region, Map<String, String> environment) {
    StsClient sts(Region stsRegion, AwsCredentialsProvider credentials) throws OriginException {
        return configured(StsClient.builder(), stsRegion, "AWS_ENDPOINT_URL_STS")
                .credentialsProvider(credentials)
                .build();
    }

    SsoClient portal(Region ssoRegion) throws OriginException {
        return configured(SsoClient.builder(), ssoRegion, "AWS_ENDPOINT_URL_SSO")
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }

    SsoOidcClient logins(Region ssoRegion) throws OriginException {
        return configured(SsoOidcClient.builder(), ssoRegion, "AWS_ENDPOINT_URL_SSO_OIDC")
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
            B builder, Region serviceRegion, String endpointVariable) throws OriginException {
        Optional<URI> endpoint = Optional.ofNullable(environment.get(endpointVariable))
                .filter(text -> !text.isBlank())
                .map(URI::create);
        ApacheHttpClient.Builder http = ApacheHttpClient.builder()
                .connectionTimeout(options.connectTimeout())
                .socketTimeout(options.stallTimeout());
        if (endpoint.isPresent() && options.caFile().isPresent()) {
            var trusted = TrustedCertificates.read(options.caFile().get());
            http.tlsTrustManagersProvider(() -> trusted);
        }
        endpoint.ifPresent(builder::endpointOverride);
        return builder.httpClientBuilder(new InterruptibleHttp.Builder(http, options.answerTimeout()))
                .region(serviceRegion)
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
