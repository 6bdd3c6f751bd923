package io.headrace.protocol.block;

import io.headrace.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first thing that a client says.
 *
 * @param lowestVersion of the protocol that it speaks
 * @param highestVersion of the protocol that it speaks, with all in between
 * @param features bits of what it would like to use, of {@link BlockProtocol#FEATURES}
 * @param token who it is, at most {@value BlockProtocol#MOST_TOKEN_BYTES} bytes; a secret
 */
public record Hello(int lowestVersion, int highestVersion, long features, Bytes token) {
    /** What is sent before the token. */
    public static final int HEAD_BYTES = 32;

    private static final int CRC_AT = 28;

    /** How a TLS record begins that says hello (RFC 8446, 5.1): its type, and 3 of its version. */
    private static final byte TLS_HANDSHAKE = 22;

    private static final byte TLS_MAJOR = 3;

    public Hello {
        if (lowestVersion < 0 || highestVersion < lowestVersion || highestVersion > 0xffff) {
            throw new IllegalArgumentException("no versions: " + lowestVersion + " to " + highestVersion);
        }
        if (token.length() > BlockProtocol.MOST_TOKEN_BYTES) {
            throw new IllegalArgumentException("a token of " + token.length() + " bytes is too long");
        }
    }

    /** Of a client that speaks what this code does. */
    public static Hello withToken(Bytes token) {
        return new Hello(BlockProtocol.VERSION, BlockProtocol.VERSION, BlockProtocol.FEATURES, token);
    }

    public boolean speaks(int version) {
        return lowestVersion <= version && version <= highestVersion;
    }

    public ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + token.length()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(BlockProtocol.MAGIC)
                .putShort((short) lowestVersion)
                .putShort((short) highestVersion)
                .putShort((short) token.length())
                .putShort((short) 0)
                .putLong(features)
                .putInt(0)
                .putInt(0)
                .put(token.asByteBuffer())
                .flip();
        return bytes.putInt(CRC_AT, FrameChecksum.of(bytes, 0, CRC_AT));
    }

    /**
     * How long the token is that follows a head, which is {@value #HEAD_BYTES} bytes from the buffer's position; nothing
     * about the buffer changes but its order.
     */
    public static int tokenBytes(ByteBuffer head) throws MalformedFrameException {
        head.order(ByteOrder.LITTLE_ENDIAN);
        int at = head.position();
        if (head.remaining() >= HEAD_BYTES && head.get(at) == TLS_HANDSHAKE && head.get(at + 1) == TLS_MAJOR) {
            throw new MalformedFrameException("this is a TLS connection, and the block protocol is in plain text here");
        }
        if (head.remaining() < HEAD_BYTES || head.getLong(at) != BlockProtocol.MAGIC) {
            throw new MalformedFrameException("this is no HELLO of the block protocol");
        }
        if (head.getInt(at + CRC_AT) != FrameChecksum.of(head, at, at + CRC_AT)) {
            throw new MalformedFrameException("the HELLO is damaged: its checksum is another");
        }
        int length = Short.toUnsignedInt(head.getShort(at + 12));
        if (length > BlockProtocol.MOST_TOKEN_BYTES) {
            throw new MalformedFrameException("a token of " + length + " bytes is too long");
        }
        return length;
    }

    /** Takes the head and the token from the buffer. */
    public static Hello decode(ByteBuffer bytes) throws MalformedFrameException {
        int tokenBytes = tokenBytes(bytes);
        int at = bytes.position();
        int lowest = Short.toUnsignedInt(bytes.getShort(at + 8));
        int highest = Short.toUnsignedInt(bytes.getShort(at + 10));
        if (highest < lowest || bytes.remaining() < HEAD_BYTES + tokenBytes) {
            throw new MalformedFrameException("a HELLO of versions " + lowest + " to " + highest + " with "
                    + bytes.remaining() + " of " + (HEAD_BYTES + tokenBytes) + " bytes");
        }
        long features = bytes.getLong(at + 16);
        Bytes token = Bytes.copyOf(bytes.slice(at + HEAD_BYTES, tokenBytes));
        bytes.position(at + HEAD_BYTES + tokenBytes);
        return new Hello(lowest, highest, features, token);
    }

    @Override
    public String toString() {
        return "Hello[versions " + lowestVersion + " to " + highestVersion + ", features " + features
                + (token.isEmpty() ? ", no token]" : ", a token]");
    }
}
