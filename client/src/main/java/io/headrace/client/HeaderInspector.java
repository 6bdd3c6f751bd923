package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Recognises a file by its first bytes, in looks: the first {@value #FIRST_LOOK_BYTES} bytes; for safetensors the whole
 * header, for GGUF window after window of it. What a header says of its own size is believed up to
 * {@value #MOST_HEADER_BYTES} bytes and the file's length. Not thread-safe.
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
    private final GgufHeader gguf;
    private ByteRange wanted = new ByteRange(0, FIRST_LOOK_BYTES);
    private Look look = Look.FIRST;

    private enum Look {
        FIRST,
        SAFETENSORS,
        GGUF
    }

    HeaderInspector(long fileLengthBytes) {
        this.fileLengthBytes = fileLengthBytes;
        this.gguf = new GgufHeader(fileLengthBytes);
    }

    /** What the next look needs; empty when there is none. */
    ByteRange wanted() {
        return wanted;
    }

    /** Looks at the wanted bytes; may want more afterwards. Fewer bytes than wanted tell nothing. */
    Optional<FileFormat> inspect(ByteBuffer head) {
        ByteBuffer bytes = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (wanted.isEmpty() || bytes.remaining() < wanted.length()) {
            return Optional.empty();
        }
        return switch (look) {
            case FIRST -> firstLook(bytes);
            case SAFETENSORS -> safetensorsHeader(bytes);
            case GGUF -> ggufHeader(bytes);
        };
    }

    private Optional<FileFormat> firstLook(ByteBuffer bytes) {
        wanted = ReadAhead.NO_BYTES;
        int version = bytes.getInt(4);
        if (bytes.getInt(0) == GGUF_MAGIC && version > 0 && version <= MOST_GGUF_VERSION) {
            return ggufStart(bytes, version);
        }
        long headerBytes = bytes.getLong(0);
        if (headerBytes < 2 || headerBytes > fileLengthBytes - Long.BYTES || bytes.get(Long.BYTES) != '{') {
            return Optional.empty();
        }
        if (headerBytes > MOST_HEADER_BYTES) {
            return Optional.of(FileFormat.safetensors(Long.BYTES + headerBytes, new long[0]));
        }
        look = Look.SAFETENSORS;
        wanted = new ByteRange(0, Long.BYTES + headerBytes);
        return inspect(bytes);
    }

    private Optional<FileFormat> safetensorsHeader(ByteBuffer bytes) {
        long dataStart = wanted.length();
        ByteBuffer json = bytes.slice(Long.BYTES, (int) dataStart - Long.BYTES);
        wanted = ReadAhead.NO_BYTES;
        return new TensorOffsets(json, fileLengthBytes - dataStart).starts().map(starts -> {
            for (int i = 0; i < starts.length; i++) {
                starts[i] += dataStart;
            }
            return FileFormat.safetensors(dataStart, starts);
        });
    }

    /** Version 1 counts in 32 bits and is not written any more. */
    private Optional<FileFormat> ggufStart(ByteBuffer bytes, int version) {
        if (!GgufHeader.VERSIONS.contains(version)) {
            return Optional.of(FileFormat.gguf());
        }
        look = Look.GGUF;
        wanted = gguf.wanted();
        return inspect(bytes);
    }

    private Optional<FileFormat> ggufHeader(ByteBuffer bytes) {
        gguf.show(bytes);
        wanted = gguf.wanted();
        return wanted.isEmpty() ? Optional.of(gguf.format()) : Optional.empty();
    }
}
