package io.headrace.master.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls with one answer, a bounded number at a time; a failure to find it becomes the call's. Thread-safe. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private final Semaphore room;

    Answers(int most) {
        this.room = new Semaphore(most);
    }

    interface Question<T> {
        T answer() throws IOException;
    }

    /** At a thread's root: whatever goes wrong becomes the call's failure. */
    @SuppressWarnings("IllegalCatch")
    <T> void give(StreamObserver<T> reply, Question<T> question) {
        if (!room.tryAcquire()) {
            reply.onError(FailureCodec.busy("this master answers as many calls as it may; raise serve.calls"));
            return;
        }
        try {
            reply.onNext(question.answer());
            reply.onCompleted();
        } catch (IOException e) {
            reply.onError(failure(e));
        } catch (IllegalArgumentException e) {
            reply.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (StatusRuntimeException refused) {
            reply.onError(refused);
        } catch (RuntimeException e) {
            LOG.error("a call failed by a mistake in the master", e);
            reply.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        } finally {
            room.release();
        }
    }

    static StatusRuntimeException failure(IOException failure) {
        return switch (failure) {
            case OriginException trouble -> FailureCodec.toStatus(trouble);
            case NoSuchFileException gone -> FailureCodec.noSuchDirectory(gone.getFile() + describe(gone));
            case InterruptedIOException ending ->
                Status.UNAVAILABLE.withDescription("the master is ending").asRuntimeException();
            default ->
                Status.INTERNAL
                        .withDescription(Objects.toString(failure.getMessage(), failure.toString()))
                        .asRuntimeException();
        };
    }

    private static String describe(FileSystemException failure) {
        return failure.getReason() == null ? "" : ": " + failure.getReason();
    }
}
