package io.headrace.protocol.block;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Requests as bytes, and back. The buffers' order becomes little endian.
 *
 * <p>Offsets in the head: opcode 0, reason 1, reach 2, frame exponent 3, body length 4, id 8, file 16, deadline 20, range's
 * offset 24, range's length 32, CRC of the body 40, CRC of all before 44.
 */
public final class RequestCodec {
    private static final int BODY_CRC_AT = 40;
    private static final int CRC_AT = 44;

    private RequestCodec() {}

    /** How many bytes {@link #encode} puts. */
    public static int encodedBytes(BlockRequest request) {
        return RequestHead.BYTES + (request instanceof BlockRequest.Open open ? versionBytes(open).length : 0);
    }

    /**
     * Puts a request at the buffer's position.
     *
     * @throws IllegalArgumentException when the version is longer than a body may be
     */
    public static void encode(BlockRequest request, ByteBuffer into) {
        into.order(ByteOrder.LITTLE_ENDIAN);
        int at = into.position();
        for (int i = 0; i < RequestHead.BYTES; i += Long.BYTES) {
            into.putLong(at + i, 0);
        }
        into.put(at, (byte) request.opcode().code()).putLong(at + 8, request.id());
        int body = 0;
        switch (request) {
            case BlockRequest.Open open -> {
                byte[] version = versionBytes(open);
                body = version.length;
                into.putInt(at + 4, body).putInt(at + 16, open.file()).put(at + RequestHead.BYTES, version);
                into.putInt(
                        at + BODY_CRC_AT,
                        FrameChecksum.of(into, at + RequestHead.BYTES, at + RequestHead.BYTES + body));
            }
            case BlockRequest.Read read -> encodeRead(read, into);
            case BlockRequest.Close close -> into.putInt(at + 16, close.file());
            case BlockRequest.Ping ping -> {}
        }
        into.putInt(at + CRC_AT, FrameChecksum.of(into, at, at + CRC_AT));
        into.position(at + RequestHead.BYTES + body);
    }

    /** Looks at the head at the buffer's position, which does not move. */
    public static RequestHead decodeHead(ByteBuffer bytes) throws MalformedFrameException {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.position();
        if (bytes.remaining() < RequestHead.BYTES) {
            throw new MalformedFrameException("a request's head has " + bytes.remaining() + " bytes");
        }
        if (bytes.getInt(at + CRC_AT) != FrameChecksum.of(bytes, at, at + CRC_AT)) {
            throw new MalformedFrameException("a request's head is damaged: its checksum is another");
        }
        int bodyBytes = bytes.getInt(at + 4);
        if (bodyBytes < 0 || bodyBytes > BlockProtocol.MOST_BODY_BYTES) {
            throw new MalformedFrameException(
                    "a request's body has " + Integer.toUnsignedString(bodyBytes) + " bytes, which is too many");
        }
        return new RequestHead(Opcode.of(bytes.get(at)), bodyBytes, bytes.getLong(at + 8));
    }

    /** Takes a request, head and body, from the buffer. */
    public static BlockRequest decode(ByteBuffer bytes) throws MalformedFrameException {
        RequestHead head = decodeHead(bytes);
        int at = bytes.position();
        int body = at + RequestHead.BYTES;
        if (bytes.limit() - body < head.bodyBytes()) {
            throw new MalformedFrameException("a request's body is cut short");
        }
        if (bytes.getInt(at + BODY_CRC_AT) != FrameChecksum.of(bytes, body, body + head.bodyBytes())) {
            throw new MalformedFrameException("a request's body is damaged: its checksum is another");
        }
        int file = bytes.getInt(at + 16);
        BlockRequest request = switch (head.opcode()) {
            case OPEN -> new BlockRequest.Open(head.id(), file, version(bytes.slice(body, head.bodyBytes())));
            case READ -> new BlockRequest.Read(head.id(), file, range(bytes, at), terms(bytes, at));
            case CLOSE -> new BlockRequest.Close(head.id(), file);
            case PING -> new BlockRequest.Ping(head.id());
        };
        bytes.position(body + head.bodyBytes());
        return request;
    }

    private static void encodeRead(BlockRequest.Read read, ByteBuffer into) {
        int at = into.position();
        ReadTerms terms = read.terms();
        into.put(at + 1, reasonCode(terms.reason()))
                .put(at + 2, (byte) terms.reach().code())
                .put(at + 3, (byte) Integer.numberOfTrailingZeros(terms.frameBytes()))
                .putInt(at + 16, read.file())
                .putInt(at + 20, terms.deadlineMillis())
                .putLong(at + 24, read.range().offset())
                .putLong(at + 32, read.range().length());
    }

    private static ByteRange range(ByteBuffer bytes, int at) throws MalformedFrameException {
        try {
            return new ByteRange(bytes.getLong(at + 24), bytes.getLong(at + 32));
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("a READ asks for no range", e);
        }
    }

    private static ReadTerms terms(ByteBuffer bytes, int at) throws MalformedFrameException {
        int exponent = bytes.get(at + 3);
        try {
            return new ReadTerms(
                    reason(bytes.get(at + 1)),
                    Reach.of(bytes.get(at + 2)),
                    exponent < 0 || exponent > 30 ? 0 : 1 << exponent,
                    bytes.getInt(at + 20));
        } catch (IllegalArgumentException e) {
            throw new MalformedFrameException("a READ has " + e.getMessage(), e);
        }
    }

    private static byte reasonCode(FetchReason reason) {
        return switch (reason) {
            case DEMAND -> 0;
            case READ_AHEAD -> 1;
            case LOAD -> 2;
            case REPAIR -> 3;
        };
    }

    private static FetchReason reason(int code) throws MalformedFrameException {
        return switch (code) {
            case 0 -> FetchReason.DEMAND;
            case 1 -> FetchReason.READ_AHEAD;
            case 2 -> FetchReason.LOAD;
            case 3 -> FetchReason.REPAIR;
            default -> throw new MalformedFrameException("no reason is " + code);
        };
    }

    private static FileVersion version(ByteBuffer body) throws MalformedFrameException {
        try {
            return VersionCodec.decode(body);
        } catch (IOException e) {
            throw new MalformedFrameException("an OPEN's body is no version: " + e.getMessage(), e);
        }
    }

    private static byte[] versionBytes(BlockRequest.Open open) {
        byte[] bytes = VersionCodec.encode(open.version());
        if (bytes.length > BlockProtocol.MOST_BODY_BYTES) {
            throw new IllegalArgumentException("the name of " + open.version() + " is too long for the block protocol");
        }
        return bytes;
    }
}
