package io.headrace.master.pins;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the calls of {@code pins.proto}. */
final class PinsService extends PinsGrpc.PinsImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(PinsService.class);

    private final Pins pins;

    PinsService(Pins pins) {
        this.pins = pins;
    }

    private interface Answer<T> {
        T make() throws IOException;
    }

    /** At a thread's root: whatever goes wrong becomes the call's failure. */
    @SuppressWarnings("IllegalCatch")
    private static <T> void answer(StreamObserver<T> reply, Answer<T> answer) {
        try {
            reply.onNext(answer.make());
            reply.onCompleted();
        } catch (NoSuchFileException e) {
            fail(reply, Status.NOT_FOUND, e.getFile() + ": " + e.getReason());
        } catch (NoRoomException e) {
            fail(reply, Status.RESOURCE_EXHAUSTED, String.valueOf(e.getMessage()));
        } catch (OriginException e) {
            reply.onError(FailureCodec.toStatus(e));
        } catch (IllegalArgumentException e) {
            fail(reply, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.error("a call about pins failed", e);
            fail(reply, Status.INTERNAL, e.toString());
        }
    }

    private static void fail(StreamObserver<?> reply, Status status, String why) {
        reply.onError(status.withDescription(why).asRuntimeException());
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
