package io.headrace.storage.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A role that STS hands out to who has other credentials. The SDK asks again from five minutes before they end.
 *
 * @param signedBy whose role it is, in words: {@code the source_profile "a"}
 */
record AssumedRole(String roleArn, String signedBy, StsClient client, StsAssumeRoleCredentialsProvider source)
        implements AwsCredentialsProvider, SdkAutoCloseable {
    /** @param client signs with the other credentials; closed with this */
    static AssumedRole of(AssumeRoleRequest request, String signedBy, StsClient client) {
        return new AssumedRole(
                request.roleArn(),
                signedBy,
                client,
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(client)
                        .refreshRequest(request)
                        .build());
    }

    @Override
    public AwsCredentials resolveCredentials() {
        RoleFailures failures = new RoleFailures("STS", "the role " + roleArn);
        try {
            return source.resolveCredentials();
        } catch (StsException e) {
            throw failures.ofAnswer(
                    e, "the role is there and trusts " + signedBy + ", and that this may assume it (sts:AssumeRole)");
        } catch (SdkClientException e) {
            throw failures.ofConnection(e, "the profile's region, AWS_ENDPOINT_URL_STS");
        }
    }

    @Override
    public void close() {
        source.close();
        client.close();
    }

    @Override
    public String toString() {
        return "the role " + roleArn;
    }
}
