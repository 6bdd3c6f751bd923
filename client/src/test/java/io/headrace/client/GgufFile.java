package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model file as llama.cpp writes them: a vocabulary in its header, tensors padded to an alignment. */
record GgufFile(ByteBuffer header, List<ByteRange> tensors, long lengthBytes) {
    static final int UINT32 = 4;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int INT64 = 11;

    static GgufFile of(int tensorCount, int words, int alignment, Random random) {
        Bytes header = new Bytes();
        header.raw("GGUF").int32(3).int64(tensorCount).int64(6);
        header.string("general.architecture").int32(STRING).string("llama");
        header.string("general.alignment").int32(UINT32).int32(alignment);
        header.string("llama.rope.scale").int32(INT64).int64(-1);
        header.string("tokenizer.chat_template").int32(STRING).string("general.alignment ".repeat(50));
        header.string("tokenizer.ggml.token_type").int32(ARRAY).int32(UINT32).int64(words);
        for (int i = 0; i < words; i++) {
            header.int32(1);
        }
        header.string("tokenizer.ggml.tokens").int32(ARRAY).int32(STRING).int64(words);
        for (int i = 0; i < words; i++) {
            header.string("word" + i);
        }
        List<ByteRange> relative = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < tensorCount; i++) {
            long bytes = i % 4 == 0 ? 8 << 10 : (1L << 20) + random.nextInt(40 << 20);
            header.string("blk." + i + ".weight")
                    .int32(2)
                    .int64(bytes / 64)
                    .int64(64)
                    .int32(8)
                    .int64(at);
            relative.add(new ByteRange(at, bytes));
            at = aligned(at + bytes, alignment);
        }
        ByteBuffer bytes = header.buffer();
        long dataStart = aligned(bytes.limit(), alignment);
        return new GgufFile(
                bytes,
                relative.stream()
                        .map(range -> new ByteRange(dataStart + range.offset(), range.length()))
                        .toList(),
                dataStart + at);
    }

    /** The bytes of a part of the file; behind the header they are zeros. */
    ByteBuffer bytes(ByteRange range) {
        ByteBuffer part = ByteBuffer.allocate((int) range.length());
        int start = (int) Math.min(header.limit(), range.offset());
        int end = (int) Math.min(header.limit(), range.end());
        return part.put(header.slice(start, end - start)).clear();
    }

    private static long aligned(long at, int alignment) {
        return Math.ceilDiv(at, alignment) * alignment;
    }

    /** What a header is made of, little-endian. */
    static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes raw(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Bytes string(String text) {
            return int64(text.length()).raw(text);
        }

        Bytes int32(int value) {
            bytes.writeBytes(little(Integer.BYTES).putInt(value).array());
            return this;
        }

        Bytes int64(long value) {
            bytes.writeBytes(little(Long.BYTES).putLong(value).array());
            return this;
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes.toByteArray());
        }

        private static ByteBuffer little(int length) {
            return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
