package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The header of a model file and the order in which loaders read its tensors. */
record SafetensorsFile(ByteBuffer header, List<ByteRange> tensors, long lengthBytes) {
    static SafetensorsFile of(int tensorCount, Random random) {
        List<ByteRange> relative = new ArrayList<>();
        StringBuilder json =
                new StringBuilder("{\"__metadata__\":{\"format\":\"pt\",\"note\":\"\\\"data_offsets\\\"\"}");
        long at = 0;
        for (int i = 0; i < tensorCount; i++) {
            long bytes = i % 4 == 0 ? 8 << 10 : (1L << 20) + random.nextInt(40 << 20);
            json.append(String.format(
                    Locale.ROOT,
                    ",\"layer.%d\":{\"dtype\":\"F16\",\"shape\":[%d],\"data_offsets\":[%d,%d]}",
                    i,
                    bytes / 2,
                    at,
                    at + bytes));
            relative.add(new ByteRange(at, bytes));
            at += bytes;
        }
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(text.length).put(text).flip();
        long dataStart = header.limit();
        List<ByteRange> tensors = relative.stream()
                .map(range -> new ByteRange(range.offset() + dataStart, range.length()))
                .toList();
        return new SafetensorsFile(header, tensors, dataStart + at);
    }

    /** The page faults of a reader that copies tensor by tensor in another order than the file's. */
    List<ByteRange> mmapFaults(long readBytes, Random random) {
        return Traces.mmapFaults(tensors, readBytes, random);
    }
}
