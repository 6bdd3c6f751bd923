package io.headrace.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Recognises a file by its first bytes, in two looks: the first {@value #FIRST_LOOK_BYTES} bytes, and for safetensors the
 * whole header. What a header says of its own size is believed up to {@value #MOST_HEADER_BYTES} bytes and the file's
 * length. Not thread-safe.
 *
 * <p>safetensors: 8 bytes little-endian length {@code n}, then {@code n} bytes of JSON that begin with an opening brace
 * (huggingface/safetensors, "Format"). GGUF: the magic {@code GGUF}, then a 4-byte version (ggml, docs/gguf.md).
 */
final class HeaderInspector {
    static final int FIRST_LOOK_BYTES = 16;
    static final int MOST_HEADER_BYTES = 8 << 20;

    private static final int GGUF_MAGIC = 0x46554747;
    private static final int MOST_GGUF_VERSION = 255;

    private final long fileLengthBytes;
    private int wanted = FIRST_LOOK_BYTES;

    HeaderInspector(long fileLengthBytes) {
        this.fileLengthBytes = fileLengthBytes;
    }

    /** How many first bytes the next look needs; 0 when there is none. */
    int wantedBytes() {
        return wanted;
    }

    /** Looks at the first bytes; may want more afterwards. Fewer bytes than wanted tell nothing. */
    Optional<FileFormat> inspect(ByteBuffer head) {
        ByteBuffer bytes = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (wanted == 0 || bytes.remaining() < wanted) {
            return Optional.empty();
        }
        if (wanted == FIRST_LOOK_BYTES) {
            return firstLook(bytes);
        }
        return header(bytes);
    }

    private Optional<FileFormat> firstLook(ByteBuffer bytes) {
        wanted = 0;
        int version = bytes.getInt(4);
        if (bytes.getInt(0) == GGUF_MAGIC && version > 0 && version <= MOST_GGUF_VERSION) {
            return Optional.of(FileFormat.gguf());
        }
        long headerBytes = bytes.getLong(0);
        if (headerBytes < 2 || headerBytes > fileLengthBytes - Long.BYTES || bytes.get(Long.BYTES) != '{') {
            return Optional.empty();
        }
        if (headerBytes > MOST_HEADER_BYTES) {
            return Optional.of(FileFormat.safetensors(Long.BYTES + headerBytes, new long[0]));
        }
        wanted = (int) (Long.BYTES + headerBytes);
        return bytes.remaining() >= wanted ? header(bytes) : Optional.empty();
    }

    private Optional<FileFormat> header(ByteBuffer bytes) {
        long dataStart = wanted;
        ByteBuffer json = bytes.slice(Long.BYTES, wanted - Long.BYTES);
        wanted = 0;
        return new TensorOffsets(json, fileLengthBytes - dataStart).starts().map(starts -> {
            for (int i = 0; i < starts.length; i++) {
                starts[i] += dataStart;
            }
            return FileFormat.safetensors(dataStart, starts);
        });
    }
}
