package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.storage.TrustedCertificates;
import io.headrace.storage.UnderStoreOptions;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A role that STS hands out for a web identity token, as pods of EKS have it (IRSA):
 * https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html
 *
 * <p>The SDK asks again from five minutes before the credentials end. Its own default provider would look for the region
 * in the instance's metadata, know none of the store's timeouts, and be passed over by the chain when it fails.
 */
record WebIdentity(Claim claim, StsClient client, StsWebIdentityTokenFileCredentialsProvider source)
        implements AwsCredentialsProvider, SdkAutoCloseable {
    private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
    private static final String ROLE_ARN = "AWS_ROLE_ARN";
    private static final int SERVER_ERROR = 500;

    /** Who wants to be what; the token file is read anew each time. */
    record Claim(String roleArn, Path tokenFile) {}

    /** Empty when no token file is named. */
    static Optional<Path> tokenFile(Map<String, String> environment) {
        return Optional.of(environment.getOrDefault(TOKEN_FILE, ""))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    /** @param tokenFile that {@link #tokenFile} gave */
    static S3Credentials credentials(
            Path tokenFile, UnderStoreOptions options, Region region, Map<String, String> environment)
            throws OriginException {
        String roleArn = environment.getOrDefault(ROLE_ARN, "");
        if (roleArn.isEmpty()) {
            return new S3Credentials(
                    () -> {
                        throw new KnownCredentials.Missing(
                                TOKEN_FILE + " is set, and " + ROLE_ARN
                                        + " is not. Set it, too, or unset the first where this pod's service account has no role");
                    },
                    Optional.empty());
        }
        StsClient client = client(
                options,
                region,
                Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_STS")).map(URI::create));
        WebIdentity identity = new WebIdentity(
                new Claim(roleArn, tokenFile),
                client,
                StsWebIdentityTokenFileCredentialsProvider.builder()
                        .stsClient(client)
                        .roleArn(roleArn)
                        .roleSessionName(environment.getOrDefault("AWS_ROLE_SESSION_NAME", "headrace"))
                        .webIdentityTokenFile(tokenFile)
                        .build());
        return new S3Credentials(identity, Optional.of(identity));
    }

    private static StsClient client(UnderStoreOptions options, Region region, Optional<URI> endpoint)
            throws OriginException {
        ApacheHttpClient.Builder http = ApacheHttpClient.builder()
                .connectionTimeout(options.connectTimeout())
                .socketTimeout(options.stallTimeout());
        if (endpoint.isPresent() && options.caFile().isPresent()) {
            var trusted = TrustedCertificates.read(options.caFile().get());
            http.tlsTrustManagersProvider(() -> trusted);
        }
        StsClientBuilder builder = StsClient.builder()
                .httpClientBuilder(new InterruptibleHttp.Builder(http, options.answerTimeout()))
                .region(region)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return source.resolveCredentials();
        } catch (StsException e) {
            throw ofAnswer(e);
        } catch (UncheckedIOException e) {
            throw new KnownCredentials.Missing("the token file " + claim.tokenFile + ", which " + TOKEN_FILE
                    + " names, cannot be read: it is not there, or user \"" + System.getProperty("user.name")
                    + "\" may not read it. Check that the pod mounts it");
        } catch (AbortedException e) {
            throw e;
        } catch (SdkClientException e) {
            throw new KnownCredentials.Unanswered(
                    "STS cannot be asked for the role " + claim.roleArn + ": " + e.getMessage()
                            + ". Check AWS_REGION, AWS_ENDPOINT_URL_STS, and the network and firewalls on the way",
                    e);
        }
    }

    /** The answer is no cause: what STS says of a token may hold it. */
    private RuntimeException ofAnswer(StsException answer) {
        String code = Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
        String said = "(HTTP status " + answer.statusCode() + (code.isEmpty() ? "" : " " + code) + ")";
        if (answer.statusCode() >= SERVER_ERROR
                || answer.isThrottlingException()
                || code.equals("IDPCommunicationError")) {
            return new KnownCredentials.Unanswered(
                    "STS does not hand out credentials now " + said
                            + ". It is asked again; if this lasts, see its status page",
                    null);
        }
        return new KnownCredentials.Missing("STS does not hand out the role " + claim.roleArn + " " + said
                + ". Check that the role is there and trusts this pod's service account, and that the token in "
                + claim.tokenFile + " is not out of date");
    }

    @Override
    public void close() {
        source.close();
        client.close();
    }

    @Override
    public String toString() {
        return "the role " + claim.roleArn;
    }
}
