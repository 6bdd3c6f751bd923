package io.headrace.master;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call with one answer: that, or the failure to find it. */
public final class UnaryCall {
    private static final Logger LOG = LoggerFactory.getLogger(UnaryCall.class);

    private UnaryCall() {}

    /** Finds an answer. */
    @FunctionalInterface
    public interface Question<T> {
        /** @throws IllegalArgumentException when what was asked cannot be */
        T answer() throws IOException;
    }

    /**
     * At a thread's root: whatever goes wrong becomes the call's failure.
     *
     * @param told what callers are told of a service's own failures; empty for a mistake of the master's
     */
    @SuppressWarnings("IllegalCatch")
    public static <T> void give(
            StreamObserver<T> reply,
            Question<T> question,
            Function<IOException, Optional<StatusRuntimeException>> told) {
        try {
            reply.onNext(question.answer());
            reply.onCompleted();
        } catch (StatusRuntimeException refused) {
            reply.onError(refused);
        } catch (IllegalArgumentException e) {
            reply.onError(failure(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            reply.onError(told.apply(e).orElseGet(() -> mistake(e)));
        } catch (RuntimeException e) {
            reply.onError(mistake(e));
        }
    }

    public static StatusRuntimeException failure(Status status, String why) {
        return status.withDescription(why).asRuntimeException();
    }

    private static StatusRuntimeException mistake(Exception e) {
        LOG.error("a call failed by a mistake in the master", e);
        return failure(Status.INTERNAL, e.toString());
    }
}
