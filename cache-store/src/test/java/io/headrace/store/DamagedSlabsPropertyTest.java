package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.map.RocksTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever becomes of slabs and of their index while no store is open: each small file is right, or fetched once more. */
final class DamagedSlabsPropertyTest {
    private static final MountId FIRST = new MountId("0123456789abcdef");
    private static final MountId SECOND = new MountId("fedcba9876543210");
    private static final List<FileVersion> VERSIONS = versions();

    private static Path directory = Path.of("");
    private static int stores;

    private final PatternSource source = new PatternSource();

    enum Wound {
        FLIP,
        ZEROS,
        CUT,
        GROW,
        REPLACE,
        REMOVE
    }

    /** @param where of the slab's length, in thousandths */
    record SlabDamage(Wound wound, int slab, int where, Bytes bytes) {
        void to(Path path) throws IOException {
            long length = Files.size(path);
            long at = length * where / 1000;
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                switch (wound) {
                    case FLIP -> {
                        file.seek(at);
                        int before = Math.max(0, file.read());
                        file.seek(at);
                        file.write(before ^ 1 << (where & 7));
                    }
                    case ZEROS -> {
                        file.seek(at);
                        file.write(new byte[5000]);
                    }
                    case CUT -> file.setLength(at);
                    case GROW -> file.setLength(length + at);
                    case REPLACE -> {
                        file.setLength(0);
                        file.write(bytes.toByteArray());
                    }
                    case REMOVE -> Files.delete(path);
                }
            }
        }
    }

    enum Change {
        FLIP_VALUE,
        CUT_VALUE,
        REPLACE_VALUE,
        VALUE_OF_NEXT,
        SWAP_WITH_NEXT,
        FLIP_KEY,
        CUT_KEY,
        REPLACE_KEY,
        REMOVE
    }

    record Row(Bytes key, Bytes value) {}

    /** @param bit of the key or value, in turn */
    record IndexDamage(Change change, int row, int bit, Bytes bytes) {
        void to(RocksTable table, List<Row> rows) throws IOException {
            Row it = rows.get(row % rows.size());
            Row next = rows.get((row + 1) % rows.size());
            switch (change) {
                case FLIP_VALUE -> put(table, it.key, flipped(it.value));
                case CUT_VALUE -> put(table, it.key, it.value.slice(0, bit % it.value.length()));
                case REPLACE_VALUE -> put(table, it.key, bytes);
                case VALUE_OF_NEXT -> put(table, it.key, next.value);
                case SWAP_WITH_NEXT -> {
                    put(table, it.key, next.value);
                    put(table, next.key, it.value);
                }
                case FLIP_KEY -> move(table, it, flipped(it.key));
                case CUT_KEY -> move(table, it, it.key.slice(0, 1 + bit % (it.key.length() - 1)));
                case REPLACE_KEY -> move(table, it, it.key.slice(0, 1).concat(bytes));
                case REMOVE -> table.delete(it.key.toByteArray());
            }
        }

        private static void move(RocksTable table, Row row, Bytes key) throws IOException {
            table.delete(row.key.toByteArray());
            put(table, key, row.value);
        }

        private Bytes flipped(Bytes bytes) {
            byte[] other = bytes.toByteArray();
            int at = bit % (8 * other.length);
            other[at / 8] ^= (byte) (1 << at % 8);
            return Bytes.copyOf(other);
        }
    }

    private static void put(RocksTable table, Bytes key, Bytes value) throws IOException {
        table.put(key.toByteArray(), value.toByteArray());
    }

    @BeforeContainer
    static void keepFiles() throws IOException {
        directory = Files.createTempDirectory("damaged-slabs");
        PatternSource source = new PatternSource();
        try (TieredBlockStore store = open(directory.resolve("ended"))) {
            for (MountId mount : List.of(FIRST, SECOND)) {
                read(store, version(mount, "gone", 50_000), source);
            }
            for (FileVersion version : VERSIONS) {
                read(store, version, source);
            }
            for (MountId mount : List.of(FIRST, SECOND)) {
                // So that a slab ends behind what counts as used of it.
                assertThat(store.evict(version(mount, "gone", 50_000))).isPositive();
            }
            copy(directory.resolve("ended"), directory.resolve("killed"));
        }
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        remove(directory);
    }

    private static List<FileVersion> versions() {
        List<FileVersion> versions = new ArrayList<>();
        int[] lengths = {5000, 5000, 1, 64, 5000, 4096, 100_000, 5000, 777, 777, 40_000, 5000};
        for (int i = 0; i < lengths.length; i++) {
            versions.add(version(i % 3 == 0 ? FIRST : SECOND, "file-" + i, lengths[i]));
        }
        return versions;
    }

    private static FileVersion version(MountId mount, String name, int bytes) {
        return new FileVersion(mount, ObjectKey.of(name), bytes, new EntityTag("\"1\""));
    }

    @Property(tries = 100)
    void no_byte_is_wrong_whatever_becomes_of_the_slabs(
            @ForAll("slabDamages") List<SlabDamage> damages, @ForAll boolean killed) throws IOException {
        Path copy = freshCopy(killed);
        for (SlabDamage damage : damages) {
            List<Path> slabs = slabs(copy);
            if (!slabs.isEmpty()) {
                damage.to(slabs.get(damage.slab % slabs.size()));
            }
        }
        assertAllIsRightOrFetchedOnce(copy);
    }

    @Property(tries = 150)
    void no_byte_is_wrong_whatever_becomes_of_the_index(
            @ForAll("kinds") byte kind, @ForAll("indexDamages") List<IndexDamage> damages, @ForAll boolean killed)
            throws IOException {
        Path copy = freshCopy(killed);
        try (RocksTable table = RocksTable.open(copy.resolve("map"))) {
            List<Row> rows = new ArrayList<>();
            // Of one kind: when both rows of two files told the same lie, nobody could know.
            table.scan(new byte[] {kind}, (key, value) -> rows.add(new Row(Bytes.copyOf(key), Bytes.copyOf(value))));
            assertThat(rows).hasSizeGreaterThan(1);
            for (IndexDamage damage : damages) {
                damage.to(table, rows);
            }
        }
        assertAllIsRightOrFetchedOnce(copy);
    }

    @Property(tries = 40)
    void random_rows_beside_the_good_ones_change_nothing(@ForAll("rows") List<Row> rows, @ForAll boolean killed)
            throws IOException {
        Path copy = freshCopy(killed);
        try (RocksTable table = RocksTable.open(copy.resolve("map"))) {
            for (Row row : rows) {
                put(table, row.key, row.value);
            }
        }
        assertAllIsRightOrFetchedOnce(copy);
    }

    @Provide
    Arbitrary<List<SlabDamage>> slabDamages() {
        return Combinators.combine(
                        Arbitraries.of(Wound.class),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 80),
                        bytes())
                .as(SlabDamage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<IndexDamage>> indexDamages() {
        return Combinators.combine(
                        Arbitraries.of(Change.class),
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.integers().between(0, 400),
                        bytes())
                .as(IndexDamage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<Row>> rows() {
        Arbitrary<Bytes> keys = Combinators.combine(kinds(), bytes())
                .as((kind, rest) -> Bytes.copyOf(new byte[] {kind}).concat(rest));
        return Combinators.combine(keys, bytes())
                .as(Row::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    /** Of rows: small files by version, what lies in slabs, slabs. */
    @Provide
    Arbitrary<Byte> kinds() {
        return Arbitraries.of((byte) 'S', (byte) 'D', (byte) 'G');
    }

    private static Arbitrary<Bytes> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Bytes::copyOf);
    }

    private void assertAllIsRightOrFetchedOnce(Path copy) throws IOException {
        try (TieredBlockStore store = open(copy)) {
            List<FileVersion> fetched = readAll(store);
            assertThat(fetched).doesNotHaveDuplicates();
            assertThat(readAll(store)).as("fetched the second time").isEmpty();
            assertThat(store.versions()).containsAll(VERSIONS);
            for (FileVersion version : VERSIONS) {
                assertThat(store.check(version).damagedBlocks()).isEmpty();
            }
            for (FileVersion version : VERSIONS.subList(0, VERSIONS.size() / 2)) {
                assertThat(store.evict(version)).isEqualTo(version.lengthBytes());
            }
            assertThat(readAll(store)).hasSize(VERSIONS.size() / 2);
        }
        try (TieredBlockStore store = open(copy)) {
            assertThat(readAll(store)).as("fetched after one more restart").isEmpty();
        }
        remove(copy);
    }

    /** What had to be fetched. */
    private List<FileVersion> readAll(TieredBlockStore store) throws IOException {
        int before = source.requests().size();
        for (FileVersion version : VERSIONS) {
            read(store, version, source);
        }
        return source.requests().stream()
                .skip(before)
                .map(PatternSource.Request::version)
                .toList();
    }

    private static void read(TieredBlockStore store, FileVersion version, PatternSource source) throws IOException {
        try (CachedFile file = store.open(version, source)) {
            StoreReads.readWholeChecked(file);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(file::isComplete);
        }
    }

    private static TieredBlockStore open(Path path) throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(path, Optional.of(ByteSize.ofMebibytes(64)), Optional.of(new ByteSize(0)));
        return TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
    }

    private static Path freshCopy(boolean killed) throws IOException {
        Path copy = directory.resolve("copy-" + stores++);
        copy(directory.resolve(killed ? "killed" : "ended"), copy);
        return copy;
    }

    private static List<Path> slabs(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store.resolve("slabs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
