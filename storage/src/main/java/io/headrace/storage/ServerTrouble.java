package io.headrace.storage;

import io.headrace.protocol.OriginException;
import java.time.Duration;
import java.util.Optional;

/**
 * An HTTP answer that says that the origin cannot serve now, in the same words for every origin.
 *
 * @param code the service's own, such as {@code "SlowDown"}; empty when there is none
 */
public record ServerTrouble(int status, String code, Optional<Duration> retryAfter) {
    private static final int TOO_MANY_REQUESTS = 429;

    /** @param what such as "reading s3://bucket/key" */
    public OriginException toOrigin(String what) {
        String said = "(HTTP status " + status + (code.isEmpty() ? "" : " " + code) + ")";
        return new OriginException.Unavailable(
                what + ": the origin "
                        + (asksForLess()
                                ? "asks for fewer requests " + said
                                        + ". It is asked again later; if this lasts, lower the"
                                        + " settings origin.max-concurrent-requests and origin.max-bytes-per-second, or raise its"
                                        + " limit"
                                : "is in trouble " + said
                                        + ". It is asked again; if this lasts, see its logs or status page"),
                retryAfter);
    }

    /** S3: SlowDown; OSS: TotalQpsLimitExceeded, DownloadTrafficRateLimitExceeded and the like, with status 503. */
    private boolean asksForLess() {
        return status == TOO_MANY_REQUESTS || code.startsWith("SlowDown") || code.endsWith("LimitExceeded");
    }
}
