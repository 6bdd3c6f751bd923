package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A role that STS hands out for a web identity token, as pods of EKS have it (IRSA):
 * https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html
 *
 * <p>The SDK asks again from five minutes before the credentials end. Its own default provider would be passed over by the
 * chain when it fails.
 */
record WebIdentity(Claim claim, StsClient client, StsWebIdentityTokenFileCredentialsProvider source)
        implements AwsCredentialsProvider, SdkAutoCloseable {
    private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
    private static final String ROLE_ARN = "AWS_ROLE_ARN";

    /** Who wants to be what; the token file is read anew each time. */
    record Claim(String roleArn, Path tokenFile) {}

    /** Empty when no token file is named. */
    static Optional<Path> tokenFile(Map<String, String> environment) {
        return Optional.of(environment.getOrDefault(TOKEN_FILE, ""))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    /** @param tokenFile that {@link #tokenFile} gave */
    static S3Credentials credentials(Path tokenFile, AwsServices services) throws OriginException {
        Map<String, String> environment = services.environment();
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
        StsClient client = services.sts(services.region(), AnonymousCredentialsProvider.create());
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

    @Override
    public AwsCredentials resolveCredentials() {
        RoleFailures failures = new RoleFailures("STS", "the role " + claim.roleArn);
        try {
            return source.resolveCredentials();
        } catch (StsException e) {
            throw failures.ofAnswer(
                    e,
                    "the role is there and trusts this pod's service account, and that the token in " + claim.tokenFile
                            + " is not out of date");
        } catch (UncheckedIOException e) {
            throw new KnownCredentials.Missing("the token file " + claim.tokenFile + ", which " + TOKEN_FILE
                    + " names, cannot be read: it is not there, or user \"" + System.getProperty("user.name")
                    + "\" may not read it. Check that the pod mounts it");
        } catch (SdkClientException e) {
            throw failures.ofConnection(e, "AWS_REGION, AWS_ENDPOINT_URL_STS");
        }
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
