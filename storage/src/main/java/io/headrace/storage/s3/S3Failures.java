package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ConnectionFailures;
import io.headrace.storage.RetryAfter;
import io.headrace.storage.ServerTrouble;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What S3's answers and the SDK's exceptions mean for an origin. Error codes:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
record S3Failures(S3Location location, S3Session session) {
    /** @param what such as "listing s3://bucket/folder" */
    IOException toOrigin(String what, Throwable failure) {
        if (failure instanceof OriginException || failure instanceof ClosedChannelException) {
            return (IOException) failure;
        }
        if (failure instanceof S3Exception answer) {
            session.answered();
            return ofAnswer(what, answer);
        }
        if (failure instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            return new InterruptedIOException(what + ": interrupted");
        }
        if (failure instanceof KnownCredentials.Failure none) {
            return ofCredentials(what, none);
        }
        return ConnectionFailures.toOrigin(what, session.host(), session.hasAnswered(), failure);
    }

    private static OriginException ofCredentials(String what, KnownCredentials.Failure failure) {
        String message = what + ": " + failure.getMessage();
        return switch (failure) {
            case KnownCredentials.Missing missing ->
                new OriginException.Refused(Refusal.BAD_CREDENTIALS, message, missing);
            case KnownCredentials.Unanswered unanswered -> new OriginException.Unavailable(message, unanswered);
        };
    }

    /** As {@link #toOrigin}, for requests that name no object: what is not found is the bucket. */
    IOException ofBucket(String what, Throwable failure) {
        IOException mapped = toOrigin(what, failure);
        return mapped instanceof OriginException.NotFound ? noSuchBucket(what) : mapped;
    }

    private OriginException noSuchBucket(String what) {
        return refused(
                Refusal.NO_SUCH_LOCATION,
                what + ": there is no bucket \"" + location.bucket()
                        + "\". Check its name, the endpoint and the region");
    }

    private OriginException ofAnswer(String what, S3Exception answer) {
        String code = Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
        return switch (code) {
            case "NoSuchBucket" -> noSuchBucket(what);
            case "NoSuchKey", "NoSuchUpload" -> new OriginException.NotFound(what + ": there is no such object");
            case "InvalidAccessKeyId" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what
                                + ": the service does not know this access key. Check which credentials are in use, and that they"
                                + " belong to this endpoint");
            case "SignatureDoesNotMatch" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what + ": the signature does not match: the secret key is wrong for this access key, or a proxy"
                                + " changes requests. Check the secret for missing characters");
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "ExpiredTokenException" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what + ": the session token is expired or wrong. Get new temporary credentials");
            case "RequestTimeTooSkewed" ->
                refused(
                        Refusal.CLOCK_SKEW,
                        what
                                + ": this machine's clock differs too much from the service's. Set it right, by NTP for one");
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" -> wrongRegion(what, answer);
            case "PreconditionFailed", "InvalidRange" ->
                new OriginException.VersionChanged(what + ": the object was replaced. Open it again");
            case "SlowDown", "RequestTimeout", "ServiceUnavailable", "InternalError", "OperationAborted" ->
                trouble(answer, code).toOrigin(what);
            default -> ofStatus(what, answer, code);
        };
    }

    private OriginException ofStatus(String what, S3Exception answer, String code) {
        int status = answer.statusCode();
        String said = "HTTP status " + status + (code.isEmpty() ? "" : " " + code);
        return switch (status) {
            case 401, 403 ->
                refused(
                        Refusal.FORBIDDEN,
                        what + ": access is denied (" + said
                                + "). Give these credentials s3:ListBucket on the bucket and"
                                + " s3:GetObject on its objects");
            case 404 -> new OriginException.NotFound(what + ": there is no such object");
            case 412, 416 -> new OriginException.VersionChanged(what + ": the object was replaced. Open it again");
            case 301, 307 -> wrongRegion(what, answer);
            case 408, 409, 425, 429 -> trouble(answer, code).toOrigin(what);
            default ->
                status >= 500 || status < 300
                        ? trouble(answer, code).toOrigin(what)
                        : refused(
                                Refusal.BAD_REQUEST,
                                what + ": the service refuses the request (" + said
                                        + "). Check the endpoint, and path-style");
        };
    }

    private OriginException wrongRegion(String what, S3Exception answer) {
        String region = header(answer, "x-amz-bucket-region")
                .map(name -> "; it is in " + name + ": set the option region=" + name)
                .orElse(". Set the option region to the bucket's, or the endpoint that belongs to it");
        return refused(
                Refusal.BAD_REQUEST,
                what + ": the bucket \"" + location.bucket() + "\" is not in the region that was asked" + region);
    }

    private static ServerTrouble trouble(S3Exception answer, String code) {
        Optional<Duration> retryAfter =
                header(answer, "Retry-After").flatMap(value -> RetryAfter.parse(value, Clock.systemUTC()));
        return new ServerTrouble(answer.statusCode(), code, retryAfter);
    }

    private static Optional<String> header(S3Exception answer, String name) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap((SdkHttpResponse response) -> response.firstMatchingHeader(name));
    }

    private static OriginException refused(Refusal refusal, String message) {
        return new OriginException.Refused(refusal, message);
    }
}
