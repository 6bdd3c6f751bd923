package io.headrace.protocol.local;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseAnswer.Released;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.protocol.local.LeaseRequest.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Requests and answers as bytes, and back: a head of {@value #HEAD_BYTES} bytes, little endian, then what it announces. The
 * layout is in {@code docs/design/short-circuit.md}. The kernel keeps the bytes of a Unix socket whole, so there are no sums.
 */
public final class LeaseCodec {
    public static final int HEAD_BYTES = 16;

    /** A bit for each block of the longest file. */
    static final int MOST_BITMAP_BYTES = (int) (LeaseRequest.MOST_FILE_BYTES / (4 << 20) / Byte.SIZE);

    private static final byte OPEN_LOCAL = 1;
    private static final byte RELEASE = 2;

    private static final byte LENT_ANEW = 1;
    private static final byte LENT_BEFORE = 2;
    private static final byte RELEASED = 3;
    private static final byte REFUSED = 4;

    private LeaseCodec() {}

    public static ByteBuffer encode(LeaseRequest request) {
        return switch (request) {
            case OpenLocal(FileVersion version, int block) ->
                frame(OPEN_LOCAL, Status.OK, block, VersionCodec.encode(version));
            case Release(int lease) -> frame(RELEASE, Status.OK, lease, new byte[0]);
        };
    }

    public static ByteBuffer encode(LeaseAnswer answer) {
        return switch (answer) {
            case Lent(int lease, boolean fresh, BitSet blocks) ->
                frame(fresh ? LENT_ANEW : LENT_BEFORE, Status.OK, lease, blocks.toByteArray());
            case Released(int lease) -> frame(RELEASED, Status.OK, lease, new byte[0]);
            case Refused(Failure failure) -> frame(REFUSED, failure.status(), 0, failure.messageBytes());
        };
    }

    /** How many bytes follow a request's head, which is at the buffer's position. */
    public static int requestBytes(ByteBuffer head) throws MalformedFrameException {
        return bytesBehind(head, BlockProtocol.MOST_BODY_BYTES);
    }

    /** How many bytes follow an answer's head, which is at the buffer's position. */
    public static int answerBytes(ByteBuffer head) throws MalformedFrameException {
        return bytesBehind(head, MOST_BITMAP_BYTES);
    }

    /** Takes the head and what follows from the buffer. */
    public static LeaseRequest decodeRequest(ByteBuffer bytes) throws MalformedFrameException {
        ByteBuffer body = body(bytes, requestBytes(bytes));
        byte opcode = bytes.get(bytes.position());
        int number = bytes.getInt(bytes.position() + 8);
        bytes.position(bytes.position() + HEAD_BYTES + body.remaining());
        return switch (opcode) {
            case OPEN_LOCAL -> openLocal(body, number);
            case RELEASE -> new Release(number);
            default -> throw new MalformedFrameException("no request for a lease is " + opcode);
        };
    }

    /** Takes the head and what follows from the buffer. */
    public static LeaseAnswer decodeAnswer(ByteBuffer bytes) throws MalformedFrameException {
        ByteBuffer body = body(bytes, answerBytes(bytes));
        int at = bytes.position();
        byte kind = bytes.get(at);
        Status status = Status.of(Short.toUnsignedInt(bytes.getShort(at + 2)));
        int lease = bytes.getInt(at + 8);
        bytes.position(at + HEAD_BYTES + body.remaining());
        return switch (kind) {
            case LENT_ANEW, LENT_BEFORE -> new Lent(lease, kind == LENT_ANEW, BitSet.valueOf(body));
            case RELEASED -> new Released(lease);
            case REFUSED -> refused(status, body);
            default -> throw new MalformedFrameException("no answer about a lease is " + kind);
        };
    }

    private static OpenLocal openLocal(ByteBuffer body, int block) throws MalformedFrameException {
        try {
            return new OpenLocal(VersionCodec.decode(body), block);
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new MalformedFrameException("no block can be lent so: " + e.getMessage(), e);
        }
    }

    private static Refused refused(Status status, ByteBuffer body) throws MalformedFrameException {
        if (status == Status.OK || body.remaining() > BlockProtocol.MOST_MESSAGE_BYTES) {
            throw new MalformedFrameException("a refusal of status " + status + " with " + body.remaining() + " bytes");
        }
        return new Refused(Failure.of(status, Failure.message(body)));
    }

    private static ByteBuffer frame(byte kind, Status status, int number, byte[] body) {
        return ByteBuffer.allocate(HEAD_BYTES + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(kind)
                .put((byte) 0)
                .putShort((short) status.code())
                .putInt(body.length)
                .putInt(number)
                .putInt(0)
                .put(body)
                .flip();
    }

    private static int bytesBehind(ByteBuffer head, int most) throws MalformedFrameException {
        head.order(ByteOrder.LITTLE_ENDIAN);
        if (head.remaining() < HEAD_BYTES) {
            throw new MalformedFrameException("a frame about leases is cut short");
        }
        int length = head.getInt(head.position() + 4);
        if (length < 0 || length > most) {
            throw new MalformedFrameException("a frame about leases announces " + length + " bytes, too many");
        }
        return length;
    }

    private static ByteBuffer body(ByteBuffer frame, int length) throws MalformedFrameException {
        if (frame.remaining() < HEAD_BYTES + length) {
            throw new MalformedFrameException(
                    "a frame about leases has " + frame.remaining() + " bytes, and not " + (HEAD_BYTES + length));
        }
        return frame.slice(frame.position() + HEAD_BYTES, length);
    }
}
