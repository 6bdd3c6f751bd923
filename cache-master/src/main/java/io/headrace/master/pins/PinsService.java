package io.headrace.master.pins;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.headrace.master.UnaryCall;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.ListPinsReply;
import io.headrace.protocol.v1.ListPinsRequest;
import io.headrace.protocol.v1.Pin;
import io.headrace.protocol.v1.PinsGrpc;
import io.headrace.protocol.v1.RemovePinReply;
import io.headrace.protocol.v1.RemovePinRequest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Answers the calls of {@code pins.proto}. */
final class PinsService extends PinsGrpc.PinsImplBase {
    private final Pins pins;

    PinsService(Pins pins) {
        this.pins = pins;
    }

    private static <T> void answer(StreamObserver<T> reply, UnaryCall.Question<T> question) {
        UnaryCall.give(reply, question, PinsService::told);
    }

    private static Optional<StatusRuntimeException> told(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e ->
                Optional.of(UnaryCall.failure(Status.NOT_FOUND, e.getFile() + ": " + e.getReason()));
            case NoRoomException e ->
                Optional.of(UnaryCall.failure(Status.RESOURCE_EXHAUSTED, String.valueOf(e.getMessage())));
            case OriginException e -> Optional.of(FailureCodec.toStatus(e));
            default -> Optional.empty();
        };
    }

    @Override
    public void setPin(Pin request, StreamObserver<Pin> reply) {
        answer(reply, () -> pins.set(request));
    }

    @Override
    public void removePin(RemovePinRequest request, StreamObserver<RemovePinReply> reply) {
        answer(reply, () -> {
            pins.remove(request.getPath());
            return RemovePinReply.getDefaultInstance();
        });
    }

    @Override
    public void listPins(ListPinsRequest request, StreamObserver<ListPinsReply> reply) {
        answer(reply, pins::list);
    }
}
