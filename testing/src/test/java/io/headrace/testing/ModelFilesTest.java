package io.headrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.testing.ModelFiles.Safetensors;
import io.headrace.testing.ModelFiles.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1 << 20, (1 << 20) + 8, 9_999_992})
    void a_model_has_the_length_asked_for_and_tensors_without_gaps(long length) throws Exception {
        Path file = folder.resolve("model.safetensors");

        Safetensors model = ModelFiles.writeSafetensors(file, length, 7);

        byte[] content = Files.readAllBytes(file);
        assertThat(content).hasSize((int) length);
        long headerBytes =
                ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(model.header().length()).isEqualTo((int) headerBytes + 8);
        String json = new String(content, 8, (int) headerBytes, StandardCharsets.US_ASCII);
        assertThat(json.strip()).startsWith("{\"__metadata__\"").endsWith("}}");
        long at = 0;
        for (Tensor tensor : model.tensors()) {
            assertThat(tensor.begin()).isEqualTo(at);
            assertThat(tensor.end() - tensor.begin())
                    .isEqualTo(2 * tensor.shape().stream().reduce(1L, Math::multiplyExact));
            assertThat(json).contains("\"" + tensor.name() + "\":{\"dtype\":\"BF16\"");
            at = tensor.end();
        }
        assertThat(at).isEqualTo(length - headerBytes - 8);
    }

    @Test
    void every_range_can_be_checked_alone_and_one_wrong_byte_is_found() throws Exception {
        Path file = folder.resolve("model.safetensors");
        Safetensors model = ModelFiles.writeSafetensors(file, ModelFiles.LEAST_BYTES, 7);
        byte[] content = Files.readAllBytes(file);
        int header = model.header().length();

        for (int[] range : new int[][] {
            {0, content.length}, {3, 20}, {header - 5, header + 5}, {header + 3, header + 40}, {900_001, 900_002}
        }) {
            byte[] part = Arrays.copyOfRange(content, range[0], range[1]);
            assertThat(model.firstWrong(MemorySegment.ofArray(part), range[0])).isEmpty();
            for (int i = 0; i < Math.min(part.length, 50); i++) {
                part[i] ^= 1;
                assertThat(model.firstWrong(ByteBuffer.wrap(part), range[0])).hasValue(range[0] + i);
                part[i] ^= 1;
            }
        }
    }

    @Test
    void files_of_a_tree_differ() throws Exception {
        ModelFiles.writeTree(folder, 2, 3, 100);

        byte[] last = Files.readAllBytes(folder.resolve("d1/f2"));
        assertThat(last).hasSize(100);
        assertThat(new SeededBytes(5).firstWrong(MemorySegment.ofArray(last), 0))
                .isEmpty();
        assertThat(new SeededBytes(4).firstWrong(MemorySegment.ofArray(last), 0))
                .isPresent();
    }
}
