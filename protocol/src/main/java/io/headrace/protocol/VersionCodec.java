package io.headrace.protocol;

import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A version as bytes, and back: mount id (8), length (8), kind of tag (1), tag, key to the end. Big endian. Equal
 * versions have equal bytes, so that they serve as keys.
 */
public final class VersionCodec {
    private static final byte ENTITY = 1;
    private static final byte MODIFICATION = 2;

    private VersionCodec() {}

    public static byte[] encode(FileVersion version) {
        byte[] tag = encodeTag(version.tag());
        ByteBuffer key = version.key().bytes().asByteBuffer();
        return ByteBuffer.allocate(16 + tag.length + key.remaining())
                .putLong(HexFormat.fromHexDigitsToLong(version.mount().value()))
                .putLong(version.lengthBytes())
                .put(tag)
                .put(key)
                .array();
    }

    /** @throws IOException when the bytes are no version */
    public static FileVersion decode(ByteBuffer bytes) throws IOException {
        try {
            MountId mount = new MountId(HexFormat.of().toHexDigits(bytes.getLong()));
            long length = bytes.getLong();
            VersionTag tag = decodeTag(bytes);
            return new FileVersion(mount, new ObjectKey(Bytes.copyOf(bytes)), length, tag);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("the bytes are no file version: " + e.getMessage(), e);
        }
    }

    private static byte[] encodeTag(VersionTag tag) {
        return switch (tag) {
            case EntityTag(String value) -> {
                byte[] text = value.getBytes(StandardCharsets.UTF_8);
                yield ByteBuffer.allocate(5 + text.length)
                        .put(ENTITY)
                        .putInt(text.length)
                        .put(text)
                        .array();
            }
            case ModificationTag(long modifiedNanos, long fileId) ->
                ByteBuffer.allocate(17)
                        .put(MODIFICATION)
                        .putLong(modifiedNanos)
                        .putLong(fileId)
                        .array();
        };
    }

    private static VersionTag decodeTag(ByteBuffer bytes) {
        byte kind = bytes.get();
        return switch (kind) {
            case ENTITY -> {
                int length = bytes.getInt();
                if (length < 0 || length > bytes.remaining()) {
                    throw new IllegalArgumentException("tag length " + length);
                }
                byte[] text = new byte[length];
                bytes.get(text);
                yield new EntityTag(new String(text, StandardCharsets.UTF_8));
            }
            case MODIFICATION -> new ModificationTag(bytes.getLong(), bytes.getLong());
            default -> throw new IllegalArgumentException("kind of tag " + kind);
        };
    }
}
