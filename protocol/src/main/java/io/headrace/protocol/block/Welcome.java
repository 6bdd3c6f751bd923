package io.headrace.protocol.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What a server answers to {@link Hello}. After a refusal it closes the connection. */
public sealed interface Welcome {
    /** What is sent before a refusal's message. */
    int HEAD_BYTES = 32;

    /**
     * The connection may be used.
     *
     * @param features those of the client's that both use
     * @param mostFiles how many numbers may be bound at a time
     * @param mostRequests how many requests the server takes before it has answered the first
     */
    record Accepted(int version, long features, int mostFiles, int mostRequests) implements Welcome {
        public Accepted {
            if (version < 0
                    || version > 0xffff
                    || mostFiles < 1
                    || mostFiles > 0xffff
                    || mostRequests < 1
                    || mostRequests > 0xffff) {
                throw new IllegalArgumentException(
                        "no terms: version " + version + ", " + mostFiles + " files, " + mostRequests + " requests");
            }
        }
    }

    record Refused(Failure failure) implements Welcome {}

    static ByteBuffer encode(Welcome welcome) {
        return switch (welcome) {
            case Accepted(int version, long features, int mostFiles, int mostRequests) -> {
                ByteBuffer bytes = head(version, Status.OK, 0).putLong(features);
                yield sealed(bytes.putShort((short) mostFiles).putShort((short) mostRequests));
            }
            case Refused(Failure failure) -> {
                byte[] message = failure.messageBytes();
                ByteBuffer head = sealed(
                        head(0, failure.status(), message.length).putLong(0).putInt(0));
                yield ByteBuffer.allocate(HEAD_BYTES + message.length)
                        .put(head)
                        .put(message)
                        .flip();
            }
        };
    }

    /**
     * How long the message is that follows a head, which is {@value #HEAD_BYTES} bytes from the buffer's position;
     * nothing about the buffer changes but its order.
     */
    static int messageBytes(ByteBuffer head) throws MalformedFrameException {
        head.order(ByteOrder.LITTLE_ENDIAN);
        int at = head.position();
        if (head.remaining() < HEAD_BYTES || head.getLong(at) != BlockProtocol.MAGIC) {
            throw new MalformedFrameException("the answer to HELLO is none of the block protocol");
        }
        if (head.getInt(at + 28) != FrameChecksum.of(head, at, at + 28)) {
            throw new MalformedFrameException("the answer to HELLO is damaged: its checksum is another");
        }
        int length = Short.toUnsignedInt(head.getShort(at + 12));
        if (length > BlockProtocol.MOST_MESSAGE_BYTES) {
            throw new MalformedFrameException("a message of " + length + " bytes is too long");
        }
        return length;
    }

    /** Takes the head and the message from the buffer. */
    static Welcome decode(ByteBuffer bytes) throws MalformedFrameException {
        int messageBytes = messageBytes(bytes);
        if (bytes.remaining() < HEAD_BYTES + messageBytes) {
            throw new MalformedFrameException("the answer to HELLO is cut short");
        }
        int at = bytes.position();
        Status status = Status.of(Short.toUnsignedInt(bytes.getShort(at + 10)));
        bytes.position(at + HEAD_BYTES + messageBytes);
        if (status != Status.OK) {
            String message = Failure.message(bytes.slice(at + HEAD_BYTES, messageBytes));
            return new Refused(new Failure(status, message, Optional.empty()));
        }
        int mostFiles = Short.toUnsignedInt(bytes.getShort(at + 24));
        int mostRequests = Short.toUnsignedInt(bytes.getShort(at + 26));
        if (mostFiles == 0 || mostRequests == 0) {
            throw new MalformedFrameException("the server permits no files or no requests");
        }
        int version = Short.toUnsignedInt(bytes.getShort(at + 8));
        return new Accepted(version, bytes.getLong(at + 16), mostFiles, mostRequests);
    }

    private static ByteBuffer head(int version, Status status, int messageBytes) {
        return ByteBuffer.allocate(HEAD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(BlockProtocol.MAGIC)
                .putShort((short) version)
                .putShort((short) status.code())
                .putShort((short) messageBytes)
                .putShort((short) 0);
    }

    private static ByteBuffer sealed(ByteBuffer head) {
        return head.putInt(FrameChecksum.of(head, 0, 28)).flip();
    }
}
