package io.headrace.storage.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.auth.SsoCredentialsProvider;
import software.amazon.awssdk.services.sso.model.GetRoleCredentialsRequest;
import software.amazon.awssdk.services.sso.model.SsoException;
import software.amazon.awssdk.services.sso.model.UnauthorizedException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A role of an account that the SSO portal (IAM Identity Center) hands out to who has logged in. The SDK asks again from
 * five minutes before the credentials end.
 *
 * @param role in words: {@code the role "reader" of account 123456789012}
 */
record SsoRole(String role, SsoToken token, SsoClient client, SsoCredentialsProvider source)
        implements AwsCredentialsProvider, SdkAutoCloseable {
    /** @param client closed with this */
    static SsoRole of(String account, String roleName, SsoToken token, SsoClient client) {
        // Its own type cannot be named.
        SsoCredentialsProvider.Builder source = SsoCredentialsProvider.builder();
        source.ssoClient(client);
        source.refreshRequest(() -> GetRoleCredentialsRequest.builder()
                .accountId(account)
                .roleName(roleName)
                .accessToken(token.current())
                .build());
        return new SsoRole("the role \"" + roleName + "\" of account " + account, token, client, source.build());
    }

    @Override
    public AwsCredentials resolveCredentials() {
        RoleFailures failures = new RoleFailures("the SSO portal", role);
        try {
            return source.resolveCredentials();
        } catch (UnauthorizedException e) {
            throw token.refused(RoleFailures.said(e));
        } catch (SsoException e) {
            throw failures.ofAnswer(
                    e,
                    "sso_account_id and sso_role_name are right, and that the role is assigned to who has logged in");
        } catch (SdkClientException e) {
            throw failures.ofConnection(e, "sso_region, AWS_ENDPOINT_URL_SSO");
        }
    }

    @Override
    public void close() {
        source.close();
        client.close();
    }

    @Override
    public String toString() {
        return role;
    }
}
