package io.headrace.storage.s3;

import org.jspecify.annotations.Nullable;
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
            throw new Missing(
                    "no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, write them to"
                            + " ~/.aws/credentials, or name a file with the option credentials-file; for a public bucket set"
                            + " the option anonymous=true",
                    e);
        }
    }

    /** There are no credentials. The message is for people. */
    abstract static sealed class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody must change something first. */
    static final class Missing extends Failure {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message, null);
        }

        private Missing(String message, SdkClientException cause) {
            super(message, cause);
        }
    }

    /** Who hands out credentials does not answer, which may pass. */
    static final class Unanswered extends Failure {
        private static final long serialVersionUID = 1;

        Unanswered(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
