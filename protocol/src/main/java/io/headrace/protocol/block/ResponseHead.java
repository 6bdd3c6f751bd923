package io.headrace.protocol.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * What comes before the payload of each frame of an answer. Offsets: opcode 0, flags 1 (bit 0 last, bits 4 to 7 spread),
 * status 2, payload length 4, id 8, position 16, CRC of the payload 24, CRC of all before 28.
 *
 * @param last whether the answer ends with this frame
 * @param id of the request
 * @param position of the payload in the file; of a failure, after how many milliseconds to try again
 * @param spread of data: its block is hot, and has 2<sup>spread</sup> owners for now; 0 for no more than usual, at most 15
 */
public record ResponseHead(
        Opcode opcode,
        boolean last,
        Status status,
        int payloadBytes,
        long id,
        long position,
        int payloadCrc,
        int spread) {

    public static final int BYTES = 32;

    private static final int LAST = 1;
    private static final int SPREAD_SHIFT = 4;
    private static final int CRC_AT = 28;

    public ResponseHead {
        if (spread < 0 || spread > 15) {
            throw new IllegalArgumentException("a spread is 0 to 15, and not " + spread);
        }
    }

    /** Without a spread. */
    public ResponseHead(
            Opcode opcode, boolean last, Status status, int payloadBytes, long id, long position, int payloadCrc) {
        this(opcode, last, status, payloadBytes, id, position, payloadCrc, 0);
    }

    /** Bytes of a file. */
    public static ResponseHead data(BlockRequest.Read read, long offset, int bytes, int crc) {
        boolean last = offset + bytes == read.range().end();
        return new ResponseHead(Opcode.READ, last, Status.OK, bytes, read.id(), offset, crc);
    }

    /** The same, of a block that has 2<sup>spread</sup> owners for now. */
    public ResponseHead withSpread(int exponent) {
        return new ResponseHead(opcode, last, status, payloadBytes, id, position, payloadCrc, exponent);
    }

    /** The whole answer to what is no READ. */
    public static ResponseHead done(BlockRequest request) {
        return new ResponseHead(request.opcode(), true, Status.OK, 0, request.id(), 0, 0);
    }

    /** The server works on the answer, and has nothing to say yet. */
    public static ResponseHead progress(BlockRequest request) {
        return new ResponseHead(request.opcode(), false, Status.OK, 0, request.id(), 0, 0);
    }

    /** The end of an answer that fails; the message follows as payload. */
    public static ResponseHead failed(Opcode opcode, long id, Failure failure) {
        byte[] message = failure.messageBytes();
        int crc = FrameChecksum.of(ByteBuffer.wrap(message), 0, message.length);
        long retryMillis = failure.retryAfter().map(Duration::toMillis).orElse(0L);
        return new ResponseHead(opcode, true, failure.status(), message.length, id, retryMillis, crc);
    }

    /** Puts it at the buffer's position; the buffer's order becomes little endian. */
    public void encode(ByteBuffer into) {
        int at = into.position();
        into.order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) opcode.code())
                .put((byte) ((last ? LAST : 0) | spread << SPREAD_SHIFT))
                .putShort((short) status.code())
                .putInt(payloadBytes)
                .putLong(id)
                .putLong(position)
                .putInt(payloadCrc)
                .putInt(FrameChecksum.of(into, at, at + CRC_AT));
    }

    /** Takes a head from the buffer, whose order becomes little endian. */
    public static ResponseHead decode(ByteBuffer bytes) throws MalformedFrameException {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.position();
        if (bytes.remaining() < BYTES) {
            throw new MalformedFrameException("an answer's head has " + bytes.remaining() + " bytes");
        }
        if (bytes.getInt(at + CRC_AT) != FrameChecksum.of(bytes, at, at + CRC_AT)) {
            throw new MalformedFrameException("an answer's head is damaged: its checksum is another");
        }
        Status status = Status.of(Short.toUnsignedInt(bytes.getShort(at + 2)));
        boolean last = (bytes.get(at + 1) & LAST) != 0;
        int payloadBytes = bytes.getInt(at + 4);
        int most = status == Status.OK ? BlockProtocol.MOST_FRAME_BYTES : BlockProtocol.MOST_MESSAGE_BYTES;
        if (payloadBytes < 0 || payloadBytes > most || (status != Status.OK && !last)) {
            throw new MalformedFrameException("an answer of status " + status + (last ? ", the last," : "") + " with "
                    + Integer.toUnsignedString(payloadBytes) + " bytes");
        }
        ResponseHead head = new ResponseHead(
                Opcode.of(bytes.get(at)),
                last,
                status,
                payloadBytes,
                bytes.getLong(at + 8),
                bytes.getLong(at + 16),
                bytes.getInt(at + 24),
                Byte.toUnsignedInt(bytes.get(at + 1)) >>> SPREAD_SHIFT);
        bytes.position(at + BYTES);
        return head;
    }

    public boolean isProgress() {
        return status == Status.OK && !last && payloadBytes == 0;
    }

    /**
     * Why the answer failed, from this head and its payload.
     *
     * @throws MalformedFrameException when the payload is damaged
     */
    public Failure failure(ByteBuffer payload) throws MalformedFrameException {
        if (FrameChecksum.of(payload, payload.position(), payload.limit()) != payloadCrc) {
            throw new MalformedFrameException("a message is damaged: its checksum is another");
        }
        Optional<Duration> retryAfter = position > 0 ? Optional.of(Duration.ofMillis(position)) : Optional.empty();
        return new Failure(status, Failure.message(payload), retryAfter);
    }
}
