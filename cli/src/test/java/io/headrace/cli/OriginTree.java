package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files of the lengths and names that break caches, and the comparison of a mount with them. */
record OriginTree(Map<String, byte[]> files) {
    private static final long SEED = 20260101;

    static OriginTree ofAwkwardFiles() {
        Random random = new Random(SEED);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("empty", new byte[0]);
        files.put("one-byte", bytes(random, 1));
        files.put("nested/deep er/100 KiB.bin", bytes(random, 100 << 10));
        files.put("nested/größe-模型/weights.safetensors", bytes(random, (9 << 20) + 1));
        files.put("nested/exactly-4MiB", bytes(random, 4 << 20));
        files.put("a=b+c%20&d", bytes(random, 4097));
        return new OriginTree(files);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    long length() {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    void writeTo(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.write(path, file.getValue());
        }
    }

    void assertSameNames(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            Set<String> names = found.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .collect(Collectors.toSet());
            assertThat(names).isEqualTo(files.keySet());
        }
    }

    void assertSameBytesByRead(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            byte[] read = Files.readAllBytes(folder.resolve(file.getKey()));
            assertSame(file, MemorySegment.ofArray(read), "read");
        }
    }

    void assertSameBytesByMapping(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            try (FileChannel channel = FileChannel.open(folder.resolve(file.getKey()), StandardOpenOption.READ);
                    Arena arena = Arena.ofConfined()) {
                assertSame(file, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), "mmap");
            }
        }
    }

    private static void assertSame(Map.Entry<String, byte[]> file, MemorySegment found, String how) {
        assertThat(found.byteSize())
                .as("length of %s by %s", file.getKey(), how)
                .isEqualTo(file.getValue().length);
        assertThat(found.mismatch(MemorySegment.ofArray(file.getValue())))
                .as("first differing byte of %s by %s", file.getKey(), how)
                .isEqualTo(-1);
    }
}
