package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.exceptions.DeserializationException;
import com.aliyun.sdk.service.oss2.exceptions.ServiceException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ConnectionFailures;
import io.headrace.storage.RetryAfter;
import io.headrace.storage.ServerTrouble;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * What OSS's answers and the SDK's exceptions mean for an origin. An answer's exception is never a cause: OSS repeats in
 * it what was signed, security tokens included. Error codes:
 * https://www.alibabacloud.com/help/en/oss/user-guide/error-responses
 */
record OssFailures(OssLocation location, OssSession session) {
    /** @param what such as "listing oss://bucket/folder" */
    IOException toOrigin(String what, Throwable failure) {
        if (failure instanceof OriginException || failure instanceof ClosedChannelException) {
            return (IOException) failure;
        }
        Optional<ServiceException> answer = ConnectionFailures.find(failure, ServiceException.class);
        if (answer.isPresent()) {
            session.answered();
            return ofAnswer(what, answer.get());
        }
        Optional<OssCredentials.Missing> missing = ConnectionFailures.find(failure, OssCredentials.Missing.class);
        if (missing.isPresent()) {
            return refused(Refusal.BAD_CREDENTIALS, what + ": " + missing.get().getMessage());
        }
        if (ConnectionFailures.find(failure, DeserializationException.class).isPresent()) {
            return new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    what + ": the answer is none of OSS's. Check that the endpoint is an OSS service",
                    failure);
        }
        if (Thread.currentThread().isInterrupted()) {
            return new InterruptedIOException(what + ": interrupted");
        }
        Optional<OssCredentials.Unanswered> unanswered =
                ConnectionFailures.find(failure, OssCredentials.Unanswered.class);
        if (unanswered.isPresent()) {
            return new OriginException.Unavailable(
                    what + ": " + unanswered.get().getMessage());
        }
        return ConnectionFailures.toOrigin(what, session.host(), session.hasAnswered(), failure);
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

    private OriginException ofAnswer(String what, ServiceException answer) {
        String code = code(answer);
        return switch (code) {
            case "NoSuchBucket" -> noSuchBucket(what);
            case "NoSuchKey", "NoSuchUpload" -> new OriginException.NotFound(what + ": there is no such object");
            case "InvalidAccessKeyId" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what
                                + ": the service does not know this access key. Check which credentials are in use; temporary"
                                + " ones (STS.…) need their security token, too");
            case "SignatureDoesNotMatch" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what + ": the signature does not match: the secret key is wrong for this access key, or a proxy"
                                + " changes requests. Check the secret for missing characters");
            case "InvalidSecurityToken", "SecurityTokenExpired", "AccessKeyIdAndSecurityTokenNotMatch" ->
                refused(
                        Refusal.BAD_CREDENTIALS,
                        what + ": the security token is expired or wrong (" + code
                                + "). Get new temporary credentials");
            case "RequestTimeTooSkewed" ->
                refused(
                        Refusal.CLOCK_SKEW,
                        what
                                + ": this machine's clock differs too much from the service's. Set it right, by NTP for one");
            case "PreconditionFailed", "InvalidRange" ->
                new OriginException.VersionChanged(what + ": the object was replaced. Open it again");
            case "InvalidObjectState" ->
                refused(
                        Refusal.FORBIDDEN,
                        what + ": the object is archived. Restore it, or move it to another storage class");
            case "SecondLevelDomainForbidden" ->
                refused(
                        Refusal.BAD_REQUEST,
                        what
                                + ": the service wants the bucket in the host name. Leave out the option path-style, or set"
                                + " it to false; for a domain of the bucket's own set the option cname=true");
            default -> ofPlace(what, answer, code);
        };
    }

    /** A wrong region or endpoint is only told by the message. */
    private OriginException ofPlace(String what, ServiceException answer, String code) {
        String message = Objects.requireNonNullElse(answer.errorMessage(), "");
        Optional<String> endpoint = Optional.ofNullable(answer.errorFields()).map(fields -> fields.get("Endpoint"));
        if (message.contains("signing region")) {
            return refused(
                    Refusal.BAD_REQUEST,
                    what + ": the bucket \"" + location.bucket()
                            + "\" is not in the region that requests are signed for. Set the option region to the bucket's");
        }
        if (message.contains("specified endpoint")) {
            return refused(
                    Refusal.BAD_REQUEST,
                    what + ": the bucket \"" + location.bucket() + "\" has another endpoint. Set the options endpoint="
                            + endpoint.orElse("the bucket's") + " and region");
        }
        return ofStatus(what, answer, code);
    }

    private OriginException ofStatus(String what, ServiceException answer, String code) {
        int status = answer.statusCode();
        String said = "HTTP status " + status + (code.isEmpty() ? "" : " " + code);
        return switch (status) {
            case 401, 403 ->
                refused(
                        Refusal.FORBIDDEN,
                        what + ": access is denied (" + said
                                + "). Give these credentials oss:ListObjects on the bucket and oss:GetObject on its"
                                + " objects");
            case 404 -> new OriginException.NotFound(what + ": there is no such object");
            case 412, 416 -> new OriginException.VersionChanged(what + ": the object was replaced. Open it again");
            case 408, 409, 425, 429 -> trouble(answer, code).toOrigin(what);
            default ->
                status >= 500 || status < 300
                        ? trouble(answer, code).toOrigin(what)
                        : refused(
                                Refusal.BAD_REQUEST,
                                what + ": the service refuses the request (" + said
                                        + "). Check the endpoint, the region and path-style");
        };
    }

    private static ServerTrouble trouble(ServiceException answer, String code) {
        return new ServerTrouble(
                answer.statusCode(),
                code,
                Optional.ofNullable(answer.headers())
                        .map(headers -> headers.get("Retry-After"))
                        .flatMap(value -> RetryAfter.parse(value, Clock.systemUTC())));
    }

    /** Empty when the answer has none, where the SDK makes one up. */
    static String code(ServiceException answer) {
        return Optional.ofNullable(answer.errorFields())
                .map(fields -> fields.get("Code"))
                .orElse("");
    }

    private static OriginException refused(Refusal refusal, String message) {
        return new OriginException.Refused(refusal, message);
    }
}
