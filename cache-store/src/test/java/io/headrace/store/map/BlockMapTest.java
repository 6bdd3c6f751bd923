package io.headrace.store.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.map.BlockMap.MappedBlock;
import io.headrace.store.map.BlockMap.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The block map against a model, on the heap and in RocksDB across a restart. */
final class BlockMapTest {
    private static final int FILES = 300;
    private static final int BLOCKS = 8;

    /** One operation, decoded from a number: what, on which file, on which block. */
    private record Step(int what, long file, int block, int crc) {
        static Step of(int number) {
            return new Step(number & 7, 1 + (number >>> 3) % FILES, (number >>> 12) % BLOCKS, number);
        }
    }

    @Property(tries = 200)
    void tells_what_was_stored_and_not_dropped(@ForAll @Size(max = 60) List<@IntRange(min = 0) Integer> numbers)
            throws IOException {
        BlockMap map = new BlockMap(new HeapTable());
        List<MappedFile> expected = apply(map, numbers);
        assertThat(map.files()).isEqualTo(expected);
    }

    @Property(tries = 10)
    void tells_the_same_after_a_restart(@ForAll @Size(max = 60) List<@IntRange(min = 0) Integer> numbers)
            throws IOException {
        Path directory = Files.createTempDirectory("block-map");
        try {
            List<MappedFile> expected;
            try (RocksTable table = RocksTable.open(directory)) {
                expected = apply(new BlockMap(table), numbers);
            }
            try (RocksTable table = RocksTable.open(directory)) {
                assertThat(new BlockMap(table).files()).isEqualTo(expected);
            }
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                all.sorted(Comparator.reverseOrder())
                        .map(Path::toFile)
                        .forEach(file -> assertThat(file.delete()).isTrue());
            }
        }
    }

    private static List<MappedFile> apply(BlockMap map, List<Integer> numbers) throws IOException {
        Map<Long, TreeMap<Integer, Integer>> model = new TreeMap<>();
        for (int number : numbers) {
            Step step = Step.of(number);
            TreeMap<Integer, Integer> blocks = model.get(step.file());
            if (blocks == null) {
                map.fileCreated(step.file(), version(step.file()));
                model.put(step.file(), new TreeMap<>());
            } else if (step.what() == 0) {
                map.fileDropped(step.file());
                model.remove(step.file());
            } else if (step.what() == 1) {
                map.blockDropped(step.file(), step.block());
                blocks.remove(step.block());
            } else {
                map.blockStored(step.file(), step.block(), step.crc());
                blocks.put(step.block(), step.crc());
            }
        }
        return model.entrySet().stream()
                .map(file -> new MappedFile(
                        file.getKey(),
                        version(file.getKey()),
                        false,
                        file.getValue().entrySet().stream()
                                .map(block -> new MappedBlock(block.getKey(), block.getValue()))
                                .toList()))
                .toList();
    }

    private static FileVersion version(long number) {
        return new FileVersion(
                new MountId("0123456789abcdef"),
                ObjectKey.of("file-" + number),
                (long) BLOCKS * Blocks.BLOCK_BYTES,
                new EntityTag("\"1\""));
    }
}
