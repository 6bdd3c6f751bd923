package io.headrace.storage.s3;

import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What it means when a service does not hand out a role. Its answer is never a cause: it may hold what it was sent.
 *
 * @param service such as {@code "STS"}
 * @param role such as {@code "the role arn:…"}
 */
record RoleFailures(String service, String role) {
    private static final int SERVER_ERROR = 500;
    private static final Set<String> PASSING = Set.of("IDPCommunicationError", "TooManyRequestsException");

    /** @param check what to look at when it is refused */
    RuntimeException ofAnswer(AwsServiceException answer, String check) {
        String said = said(answer);
        if (answer.statusCode() >= SERVER_ERROR || answer.isThrottlingException() || PASSING.contains(code(answer))) {
            return new KnownCredentials.Unanswered(
                    service + " does not hand out credentials now " + said
                            + ". It is asked again; if this lasts, see its status page",
                    null);
        }
        return new KnownCredentials.Missing(
                service + " does not hand out " + role + " " + said + ". Check that " + check);
    }

    /** @param settings that say where the service is */
    RuntimeException ofConnection(SdkClientException failure, String settings) {
        return failure instanceof AbortedException
                ? failure
                : new KnownCredentials.Unanswered(
                        service + " cannot be asked for " + role + ": " + failure.getMessage() + ". Check " + settings
                                + ", and the network and firewalls on the way",
                        failure);
    }

    /** The status and the code of an answer, and nothing else of it. */
    static String said(AwsServiceException answer) {
        String code = code(answer);
        return "(HTTP status " + answer.statusCode() + (code.isEmpty() ? "" : " " + code) + ")";
    }

    private static String code(AwsServiceException answer) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
    }
}
