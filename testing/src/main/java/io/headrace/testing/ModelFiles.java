package io.headrace.testing;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Model files of any size, each byte of which can be checked. */
public final class ModelFiles {
    /** The least that {@link #writeSafetensors} makes. */
    public static final long LEAST_BYTES = 1 << 20;

    private static final int ROOM_BYTES = 64;
    private static final List<String> PROJECTIONS = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    private ModelFiles() {}

    /**
     * One tensor of a file; two bytes (BF16) an element.
     *
     * @param begin first byte, counted from the end of the header, as in the header itself
     */
    public record Tensor(String name, List<Long> shape, long begin, long end) {
        public Tensor {
            shape = List.copyOf(shape);
        }

        private String toJson() {
            return "\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, shape.toString().replace(" ", ""), begin, end);
        }
    }

    /**
     * A file in the safetensors format: the header's length in 8 bytes, little-endian; the header, JSON padded by spaces;
     * the tensors. https://huggingface.co/docs/safetensors
     *
     * @param header the first bytes of the file, length included
     */
    public record Safetensors(Bytes header, List<Tensor> tensors, long lengthBytes, SeededBytes data) {
        public Safetensors {
            tensors = List.copyOf(tensors);
        }

        /** The offset in the file of the first byte that is not what was written; the bytes begin at {@code offset}. */
        public OptionalLong firstWrong(MemorySegment bytes, long offset) {
            long ofHeader = Math.clamp(header.length() - offset, 0, bytes.byteSize());
            for (long at = 0; at < ofHeader; at++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, at) != header.at((int) (offset + at))) {
                    return OptionalLong.of(offset + at);
                }
            }
            return data.firstWrong(bytes.asSlice(ofHeader), offset + ofHeader);
        }

        /** As the other, of the remaining bytes of a buffer, whose position does not move. */
        public OptionalLong firstWrong(ByteBuffer bytes, long offset) {
            return firstWrong(MemorySegment.ofBuffer(bytes), offset);
        }
    }

    /**
     * Writes a file with the tensors of a small Llama: as many layers as fit, and an output matrix that takes the rest.
     *
     * @param lengthBytes of the whole file; a multiple of 8
     */
    public static Safetensors writeSafetensors(Path file, long lengthBytes, long seed) throws IOException {
        if (lengthBytes < LEAST_BYTES || lengthBytes % 8 != 0) {
            throw new IllegalArgumentException(
                    "a model has at least " + LEAST_BYTES + " bytes, in eights, not " + lengthBytes);
        }
        int room = (json(tensors(lengthBytes, lengthBytes)).length() + ROOM_BYTES) & -8;
        long dataBytes = lengthBytes - Long.BYTES - room;
        List<Tensor> tensors = tensors(lengthBytes, dataBytes);
        String json = json(tensors);
        byte[] header = ByteBuffer.allocate(Long.BYTES + room)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(room)
                .put((json + " ".repeat(room - json.length())).getBytes(StandardCharsets.US_ASCII))
                .array();
        Safetensors model = new Safetensors(Bytes.copyOf(header), tensors, lengthBytes, new SeededBytes(seed));
        try (FileChannel target = create(file)) {
            ByteBuffer first = ByteBuffer.wrap(header);
            while (first.hasRemaining()) {
                target.write(first);
            }
            model.data().write(target, header.length, dataBytes);
        }
        return model;
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private static String json(List<Tensor> tensors) {
        return tensors.stream()
                .map(Tensor::toJson)
                .collect(Collectors.joining(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}"));
    }

    /** @param modelBytes decides on the width and the number of layers, {@code dataBytes} on the last tensor's end */
    private static List<Tensor> tensors(long modelBytes, long dataBytes) {
        long width = 128;
        while (width < 4096 && layerBytes(width * 2) * 8 < modelBytes) {
            width *= 2;
        }
        List<Tensor> tensors = new ArrayList<>();
        long at = add(tensors, "model.embed_tokens.weight", List.of(4 * width, width), 0);
        long layers = (modelBytes * 3 / 4 - at) / layerBytes(width);
        for (long layer = 0; layer < layers; layer++) {
            String name = "model.layers." + layer + ".";
            at = add(tensors, name + "input_layernorm.weight", List.of(width), at);
            for (String projection : PROJECTIONS) {
                List<Long> shape = shape(projection, width);
                at = add(tensors, name + projection + ".weight", shape, at);
            }
        }
        tensors.add(new Tensor("lm_head.weight", List.of((dataBytes - at) / 2), at, dataBytes));
        return tensors;
    }

    private static List<Long> shape(String projection, long width) {
        if (projection.startsWith("self_attn")) {
            return List.of(width, width);
        }
        return projection.endsWith("down_proj") ? List.of(width, 3 * width) : List.of(3 * width, width);
    }

    private static long layerBytes(long width) {
        return 2 * (width + 13 * width * width);
    }

    private static long add(List<Tensor> tensors, String name, List<Long> shape, long at) {
        long end = at + 2 * shape.stream().reduce(1L, Math::multiplyExact);
        tensors.add(new Tensor(name, shape, at, end));
        return end;
    }

    /**
     * Writes {@code directories} folders {@code d0, d1, …} of {@code filesInEach} files {@code f0, f1, …}; the {@code j}-th
     * file of the {@code i}-th folder is {@code new SeededBytes(i * filesInEach + j)}.
     */
    public static void writeTree(Path folder, int directories, int filesInEach, int bytesInEach) throws IOException {
        for (int i = 0; i < directories; i++) {
            Path directory = Files.createDirectories(folder.resolve("d" + i));
            for (int j = 0; j < filesInEach; j++) {
                try (FileChannel file = create(directory.resolve("f" + j))) {
                    new SeededBytes((long) i * filesInEach + j).write(file, 0, bytesInEach);
                }
            }
        }
    }
}
