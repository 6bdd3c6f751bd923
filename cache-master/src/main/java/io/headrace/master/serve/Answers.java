package io.headrace.master.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.headrace.master.UnaryCall;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Calls with one answer, a bounded number at a time; a failure to find it becomes the call's. Thread-safe. */
final class Answers {
    private final Semaphore room;

    Answers(int most) {
        this.room = new Semaphore(most);
    }

    <T> void give(StreamObserver<T> reply, UnaryCall.Question<T> question) {
        if (!room.tryAcquire()) {
            reply.onError(FailureCodec.busy("this master answers as many calls as it may; raise serve.calls"));
            return;
        }
        try {
            UnaryCall.give(reply, question, failure -> Optional.of(failure(failure)));
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
