package io.headrace.cli.demo;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A safetensors file: an 8-byte length, a JSON header that names tensors, then their bytes
 * (https://huggingface.co/docs/safetensors). A tensor's bytes are SplitMix64 of their place, so no two blocks are equal.
 */
final class SafetensorsFile implements ModelFile {
    private static final int TENSOR_BYTES = 64 << 20;
    private static final int WORD = Long.BYTES;
    private static final long SEED = 0x6865_6164_7261_6365L;

    private final String name;
    private final byte[] head;
    private final List<ByteRange> parts;
    private final long length;

    private SafetensorsFile(String name, byte[] head, List<ByteRange> parts) {
        this.name = name;
        this.head = head;
        this.parts = List.copyOf(parts);
        this.length = parts.getLast().end();
    }

    /** @param dataBytes of all tensors; rounded up to whole 4 KiB */
    static SafetensorsFile of(String name, long dataBytes) {
        long data = Math.ceilDiv(Math.max(1, dataBytes), 4096L) * 4096;
        StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        List<ByteRange> tensors = new ArrayList<>();
        for (long start = 0; start < data; start += TENSOR_BYTES) {
            long end = Math.min(data, start + TENSOR_BYTES);
            json.append(",\"layers.%d.weight\":{\"dtype\":\"F16\",\"shape\":[%d,1024],\"data_offsets\":[%d,%d]}"
                    .formatted(tensors.size(), (end - start) / 2048, start, end));
            tensors.add(ByteRange.between(start, end));
        }
        json.append('}');
        // Padded with spaces, as the format allows, so that tensors begin on a page.
        int header = Math.ceilDiv(json.length() + WORD, 4096) * 4096 - WORD;
        json.append(" ".repeat(header - json.length()));
        ByteBuffer head = ByteBuffer.allocate(WORD + header).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(header).put(json.toString().getBytes(StandardCharsets.US_ASCII));
        List<ByteRange> parts = new ArrayList<>(List.of(new ByteRange(0, head.capacity())));
        tensors.forEach(tensor -> parts.add(new ByteRange(head.capacity() + tensor.offset(), tensor.length())));
        return new SafetensorsFile(name, head.array(), parts);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long lengthBytes() {
        return length;
    }

    @Override
    public List<ByteRange> parts() {
        return parts;
    }

    @Override
    public void fill(long offset, ByteBuffer target) {
        ByteBuffer out = target.order(ByteOrder.LITTLE_ENDIAN);
        long at = offset;
        while (out.hasRemaining() && at < head.length) {
            out.put(head[(int) at++]);
        }
        while (out.hasRemaining()) {
            if (at % WORD == 0 && out.remaining() >= WORD) {
                out.putLong(word(at / WORD));
                at += WORD;
            } else {
                out.put((byte) (word(at / WORD) >>> (at % WORD * Byte.SIZE)));
                at++;
            }
        }
    }

    /** SplitMix64 (Steele, Lea, Flood 2014), whose state after n steps is a multiple of its constant. */
    private static long word(long index) {
        long z = SEED + index * 0x9e37_79b9_7f4a_7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
