package io.headrace.protocol.block;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Why an answer ends without its bytes.
 *
 * @param message for people; cut to {@value BlockProtocol#MOST_MESSAGE_BYTES} bytes of UTF-8 on its way
 * @param retryAfter how long to leave the origin alone, where it said so
 */
public record Failure(Status status, String message, Optional<Duration> retryAfter) {
    public Failure {
        if (status == Status.OK) {
            throw new IllegalArgumentException("OK is no failure");
        }
    }

    public static Failure of(Status status, String message) {
        return new Failure(status, message, Optional.empty());
    }

    /** How the exception is said to a peer. */
    public static Failure of(IOException exception) {
        String message = exception.getMessage() == null ? exception.toString() : exception.getMessage();
        return switch (exception) {
            case PeerException peer -> of(peer.status(), message);
            case MalformedFrameException malformed -> of(Status.BAD_FRAME, message);
            case OriginException.Unavailable unavailable ->
                new Failure(Status.ORIGIN_UNAVAILABLE, message, unavailable.retryAfter());
            case OriginException.NotFound notFound -> of(Status.ORIGIN_NOT_FOUND, message);
            case OriginException.VersionChanged changed -> of(Status.ORIGIN_VERSION_CHANGED, message);
            case OriginException.Refused refused -> of(refusedStatus(refused.refusal()), message);
            default -> of(Status.WORKER_FAILED, message);
        };
    }

    /**
     * What the peer meant: an {@link OriginException} or a {@link PeerException}.
     *
     * @param peer who said so, for the message
     */
    public IOException asException(String peer) {
        String text = peer + ": " + message;
        return switch (status) {
            case ORIGIN_UNAVAILABLE -> new OriginException.Unavailable(text, retryAfter);
            case ORIGIN_NOT_FOUND -> new OriginException.NotFound(text);
            case ORIGIN_VERSION_CHANGED -> new OriginException.VersionChanged(text);
            case ORIGIN_NO_SUCH_LOCATION -> new OriginException.Refused(Refusal.NO_SUCH_LOCATION, text);
            case ORIGIN_FORBIDDEN -> new OriginException.Refused(Refusal.FORBIDDEN, text);
            case ORIGIN_BAD_CREDENTIALS -> new OriginException.Refused(Refusal.BAD_CREDENTIALS, text);
            case ORIGIN_CLOCK_SKEW -> new OriginException.Refused(Refusal.CLOCK_SKEW, text);
            case ORIGIN_TLS -> new OriginException.Refused(Refusal.TLS, text);
            case ORIGIN_BAD_REQUEST -> new OriginException.Refused(Refusal.BAD_REQUEST, text);
            case OK,
                    BAD_FRAME,
                    VERSION_NOT_SPOKEN,
                    UNAUTHORIZED,
                    OVERLOADED,
                    SHUTTING_DOWN,
                    UNKNOWN_FILE,
                    NOT_HERE,
                    DEADLINE_PASSED,
                    BAD_REQUEST,
                    WORKER_FAILED -> new PeerException(status, text);
        };
    }

    /** The message as it is sent. */
    public byte[] messageBytes() {
        ByteBuffer room = ByteBuffer.allocate(BlockProtocol.MOST_MESSAGE_BYTES);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(message), room, true);
        byte[] bytes = new byte[room.flip().remaining()];
        room.get(bytes);
        return bytes;
    }

    /** @throws MalformedFrameException when the bytes are no UTF-8 */
    public static String message(ByteBuffer bytes) throws MalformedFrameException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFrameException("a message is no UTF-8", e);
        }
    }

    private static Status refusedStatus(Refusal refusal) {
        return switch (refusal) {
            case NO_SUCH_LOCATION -> Status.ORIGIN_NO_SUCH_LOCATION;
            case FORBIDDEN -> Status.ORIGIN_FORBIDDEN;
            case BAD_CREDENTIALS -> Status.ORIGIN_BAD_CREDENTIALS;
            case CLOCK_SKEW -> Status.ORIGIN_CLOCK_SKEW;
            case TLS -> Status.ORIGIN_TLS;
            case BAD_REQUEST -> Status.ORIGIN_BAD_REQUEST;
        };
    }
}
