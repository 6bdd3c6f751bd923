package io.headrace.protocol.names;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.v1.Failure;
import io.headrace.protocol.v1.Failure.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Failures as the status of a call with a {@link Failure} in its trailers, and origin trouble back from it. */
public final class FailureCodec {
    /** Trailers are headers: a connection takes 8 KiB of them. */
    private static final int MOST_CHARACTERS = 1000;

    private static final Metadata.Key<Failure> KEY = ProtoUtils.keyForProto(Failure.getDefaultInstance());

    private FailureCodec() {}

    public static StatusRuntimeException toStatus(OriginException trouble) {
        Failure.Builder failure = Failure.newBuilder().setMessage(message(trouble));
        switch (trouble) {
            case OriginException.Unavailable unavailable ->
                failure.setKind(Kind.KIND_ORIGIN_UNAVAILABLE)
                        .setRetryAfterMillis(
                                unavailable.retryAfter().map(Duration::toMillis).orElse(0L));
            case OriginException.NotFound notFound -> failure.setKind(Kind.KIND_ORIGIN_NOT_FOUND);
            case OriginException.VersionChanged changed -> failure.setKind(Kind.KIND_ORIGIN_VERSION_CHANGED);
            case OriginException.Refused refused ->
                failure.setKind(Kind.KIND_ORIGIN_REFUSED).setRefusal(toMessage(refused.refusal()));
        }
        return toStatus(failure.build());
    }

    public static StatusRuntimeException noSuchDirectory(String message) {
        return toStatus(Failure.newBuilder()
                .setKind(Kind.KIND_NO_SUCH_DIRECTORY)
                .setMessage(shortened(message))
                .build());
    }

    public static StatusRuntimeException busy(String message) {
        return toStatus(Failure.newBuilder()
                .setKind(Kind.KIND_BUSY)
                .setMessage(shortened(message))
                .build());
    }

    private static StatusRuntimeException toStatus(Failure failure) {
        Status status = switch (failure.getKind()) {
            case KIND_ORIGIN_UNAVAILABLE -> Status.UNAVAILABLE;
            case KIND_ORIGIN_NOT_FOUND, KIND_ORIGIN_REFUSED -> Status.FAILED_PRECONDITION;
            case KIND_ORIGIN_VERSION_CHANGED -> Status.ABORTED;
            case KIND_NO_SUCH_DIRECTORY -> Status.NOT_FOUND;
            case KIND_BUSY -> Status.RESOURCE_EXHAUSTED;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> Status.UNKNOWN;
        };
        Metadata trailers = new Metadata();
        trailers.put(KEY, failure);
        return status.withDescription(failure.getMessage()).asRuntimeException(trailers);
    }

    /** What the server said of the failure; empty when it said nothing, as for a connection that broke. */
    public static Optional<Failure> of(Throwable failedCall) {
        Metadata trailers = Status.trailersFromThrowable(failedCall);
        return trailers == null ? Optional.empty() : Optional.ofNullable(trailers.get(KEY));
    }

    /** The origin's trouble; empty when the failure is another one, or of a kind that is not known here. */
    public static Optional<OriginException> originTrouble(Failure failure) {
        @Nullable
        OriginException trouble = switch (failure.getKind()) {
            case KIND_ORIGIN_UNAVAILABLE -> new OriginException.Unavailable(failure.getMessage(), retryAfter(failure));
            case KIND_ORIGIN_NOT_FOUND -> new OriginException.NotFound(failure.getMessage());
            case KIND_ORIGIN_VERSION_CHANGED -> new OriginException.VersionChanged(failure.getMessage());
            case KIND_ORIGIN_REFUSED ->
                new OriginException.Refused(fromMessage(failure.getRefusal()), failure.getMessage());
            case KIND_NO_SUCH_DIRECTORY, KIND_BUSY, KIND_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        return Optional.ofNullable(trouble);
    }

    private static Optional<Duration> retryAfter(Failure failure) {
        return failure.getRetryAfterMillis() <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(failure.getRetryAfterMillis()));
    }

    private static Failure.Refusal toMessage(Refusal refusal) {
        return switch (refusal) {
            case NO_SUCH_LOCATION -> Failure.Refusal.REFUSAL_NO_SUCH_LOCATION;
            case FORBIDDEN -> Failure.Refusal.REFUSAL_FORBIDDEN;
            case BAD_CREDENTIALS -> Failure.Refusal.REFUSAL_BAD_CREDENTIALS;
            case CLOCK_SKEW -> Failure.Refusal.REFUSAL_CLOCK_SKEW;
            case TLS -> Failure.Refusal.REFUSAL_TLS;
            case BAD_REQUEST -> Failure.Refusal.REFUSAL_BAD_REQUEST;
        };
    }

    private static Refusal fromMessage(Failure.Refusal refusal) {
        return switch (refusal) {
            case REFUSAL_NO_SUCH_LOCATION -> Refusal.NO_SUCH_LOCATION;
            case REFUSAL_FORBIDDEN -> Refusal.FORBIDDEN;
            case REFUSAL_BAD_CREDENTIALS -> Refusal.BAD_CREDENTIALS;
            case REFUSAL_CLOCK_SKEW -> Refusal.CLOCK_SKEW;
            case REFUSAL_TLS -> Refusal.TLS;
            case REFUSAL_BAD_REQUEST, REFUSAL_UNSPECIFIED, UNRECOGNIZED -> Refusal.BAD_REQUEST;
        };
    }

    private static String message(Throwable trouble) {
        return shortened(
                Objects.toString(trouble.getMessage(), trouble.getClass().getSimpleName()));
    }

    private static String shortened(String message) {
        return message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS) + "…";
    }
}
