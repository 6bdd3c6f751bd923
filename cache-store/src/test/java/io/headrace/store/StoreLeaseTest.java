package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are lent with the blocks that they have, in a disk tier of 24 MiB. */
final class StoreLeaseTest {
    private static final long FILE_BYTES = 12 << 20;
    private static final FileVersion FILE = version("lent", FILE_BYTES);

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(directory, Optional.of(ByteSize.ofMebibytes(24)), Optional.of(new ByteSize(0)));
        store = TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void a_file_is_lent_with_the_blocks_that_it_has_and_gets_more() throws Exception {
        load(FILE, 1);
        try (CachedFile file = store.open(FILE, source)) {
            assertThat(file.lease(0)).isEmpty();
            try (LeasedFile lent = file.lease(1).orElseThrow()) {
                assertThat(lent.blocks()).isEqualTo(blocks(1));
                assertThat(lent.keptBytes()).isEqualTo(Blocks.BLOCK_BYTES);
                assertHolds(lent, 1);
                load(FILE, 2);
                assertThat(lent.blocks()).isEqualTo(blocks(1, 2));
                assertThat(lent.has(2)).isTrue();
                assertThat(lent.has(0)).isFalse();
                assertHolds(lent, 2);
            }
        }
    }

    @Test
    void what_is_lent_is_not_evicted_for_room() throws Exception {
        load(FILE, 0);
        try (CachedFile file = store.open(FILE, source);
                LeasedFile lent = file.lease(0).orElseThrow()) {
            loadOthers();
            assertThat(lent.isCurrent()).isTrue();
            assertHolds(lent, 0);
        }
    }

    @Test
    void what_was_given_back_is_evicted_block_by_block() throws Exception {
        load(FILE, 0);
        load(FILE, 1);
        try (CachedFile file = store.open(FILE, source)) {
            file.lease(0).orElseThrow().close();
            for (int block = 0; block < 5; block++) {
                load(version("other", 20 << 20), block);
            }
            assertThat(store.residency(FILE).orElseThrow().uniqueBytes()).isEqualTo(Blocks.BLOCK_BYTES);
        }
    }

    @Test
    void a_holder_that_was_given_up_reads_on_and_meets_no_hole() throws Exception {
        load(FILE, 0);
        load(FILE, 2);
        try (CachedFile file = store.open(FILE, source);
                LeasedFile lent = file.lease(0).orElseThrow();
                RandomAccessFile reader = open(lent)) {
            lent.abandon();
            loadOthers();
            assertThat(store.residency(FILE)).isEmpty();
            assertHolds(reader, 0);
            assertHolds(reader, 2);
        }
    }

    @Test
    void an_evicted_file_occupies_its_space_until_it_is_given_back() throws Exception {
        load(FILE, 0);
        LeasedFile lent;
        try (CachedFile file = store.open(FILE, source)) {
            lent = file.lease(0).orElseThrow();
        }
        assertThat(store.evict(FILE)).isZero();
        assertThat(lent.isCurrent()).isFalse();
        assertHolds(lent, 0);
        assertThat(usedBytes()).isEqualTo(Blocks.BLOCK_BYTES);
        lent.close();
        assertThat(usedBytes()).isZero();
    }

    @Test
    void small_files_are_not_lent() throws Exception {
        FileVersion small = version("small", 1000);
        load(small, 0);
        try (CachedFile file = store.open(small, source)) {
            assertThat(file.lease(0)).isEmpty();
        }
    }

    @Test
    void what_an_earlier_process_kept_is_verified_before_it_is_lent() throws Exception {
        load(FILE, 0);
        load(FILE, 1);
        Path kept = onlyFile();
        store.close();
        try (RandomAccessFile file = new RandomAccessFile(kept.toFile(), "rw")) {
            file.seek(100);
            file.write(~PatternSource.byteAt(PatternSource.seed(FILE), 100));
        }
        open();
        try (CachedFile file = store.open(FILE, source)) {
            assertThat(file.lease(0)).isEmpty();
            try (LeasedFile lent = file.lease(1).orElseThrow()) {
                assertThat(lent.blocks()).isEqualTo(blocks(1));
                assertHolds(lent, 1);
            }
        }
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("blocks"))) {
            return files.filter(path -> path.toString().endsWith(".blocks"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** More than the tier takes. */
    private void loadOthers() throws IOException, InterruptedException {
        for (int i = 0; i < 6; i++) {
            load(version("other-" + i, 8 << 20), 0);
            load(version("other-" + i, 8 << 20), 1);
        }
    }

    private void load(FileVersion version, int block) throws IOException, InterruptedException {
        try (CachedFile file = store.open(version, source)) {
            file.load(Blocks.range(block, version.lengthBytes()), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private long usedBytes() {
        return Objects.requireNonNull(store.usage().tiers().get(Tier.DISK)).usedBytes();
    }

    private static void assertHolds(LeasedFile lent, int block) throws IOException {
        try (RandomAccessFile file = open(lent)) {
            assertHolds(file, block);
        }
    }

    private static RandomAccessFile open(LeasedFile lent) throws IOException {
        return new RandomAccessFile("/proc/self/fd/" + lent.descriptor(), "r");
    }

    private static void assertHolds(RandomAccessFile file, int block) throws IOException {
        ByteRange range = Blocks.range(block, FILE_BYTES);
        byte[] bytes = new byte[(int) range.length()];
        file.seek(range.offset());
        file.readFully(bytes);
        long seed = PatternSource.seed(FILE);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != PatternSource.byteAt(seed, range.offset() + i)) {
                throw new AssertionError("wrong byte at " + (range.offset() + i));
            }
        }
    }

    private static BitSet blocks(int... present) {
        BitSet blocks = new BitSet();
        for (int block : present) {
            blocks.set(block);
        }
        return blocks;
    }

    private static FileVersion version(String key, long lengthBytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), lengthBytes, new EntityTag("\"" + key + "\""));
    }
}
