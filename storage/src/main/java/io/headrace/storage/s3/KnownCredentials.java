package io.headrace.storage.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tells a failure to find credentials from other failures of a request. */
record KnownCredentials(AwsCredentialsProvider source) implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return source.resolveCredentials();
        } catch (SdkClientException e) {
            throw new Missing(e);
        }
    }

    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Missing(SdkClientException cause) {
            super("no credentials were found", cause);
        }
    }
}
