package io.headrace.store;

import static io.headrace.store.StoreReads.readChecked;
import static io.headrace.store.StoreReads.readExactlyChecked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers who jump about cost the source. */
class ExactReadsTest {
    private static final int PAGE = 4 << 10;
    private static final long PIECE = 64 << 10;
    private static final long BLOCK = Blocks.BLOCK_BYTES;
    private static final long TAIL = 100 << 10;
    private static final FileVersion VERSION = new FileVersion(
            new MountId("0123456789abcdef"), ObjectKey.of("index"), 3 * BLOCK + TAIL, new EntityTag("\"1\""));

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private TieredBlockStore store;
    private CachedFile file;

    @BeforeEach
    void open() throws IOException {
        store = DiskStore.open(directory.resolve("cache"));
        file = store.open(VERSION, source);
    }

    @AfterEach
    void balances() throws IOException {
        file.close();
        await().until(() -> store.usage().flights().bufferedBytes() == 0);
        store.close();
    }

    @Test
    void a_page_costs_its_piece_and_is_not_kept() throws IOException {
        readExactlyChecked(file, new ByteRange(BLOCK + 5 * PIECE + PAGE, PAGE));
        assertThat(requested()).containsExactly(new ByteRange(BLOCK + 5 * PIECE, PIECE));
        assertThat(source.requests().getFirst().reason()).isEqualTo(FetchReason.DEMAND);
        assertThat(file.residency().uniqueBytes()).isZero();
        assertThat(file.readNow(new ByteRange(BLOCK + 5 * PIECE + PAGE, PAGE))).isEmpty();
    }

    @Test
    void a_read_over_the_seam_of_blocks_costs_the_pieces_that_it_lies_in() throws IOException {
        readExactlyChecked(file, ByteRange.between(BLOCK - PIECE - 1, BLOCK + 1));
        assertThat(requested())
                .containsExactlyInAnyOrder(new ByteRange(BLOCK - 2 * PIECE, 2 * PIECE), new ByteRange(BLOCK, PIECE));
    }

    @Test
    void readers_of_one_piece_share_its_flight() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((request, offset) -> BlockStoreContract.awaitGate(gate));
        List<CompletableFuture<PinnedBytes>> reads = new ArrayList<>();
        for (int page = 0; page < 16; page++) {
            reads.add(StoreReads.startExactly(file, page(0, page)));
        }
        gate.countDown();
        for (int page = 0; page < 16; page++) {
            try (PinnedBytes bytes = StoreReads.await(reads.get(page))) {
                StoreReads.assertBytes(VERSION, page(0, page), bytes);
            }
        }
        assertThat(requested()).containsExactly(new ByteRange(0, PIECE));
    }

    @Test
    void looking_around_in_a_piece_costs_one_request() throws IOException {
        for (int page = 0; page < 16; page++) {
            readExactlyChecked(file, page(2, page));
        }
        assertThat(requested()).containsExactly(new ByteRange(2 * PIECE, PIECE));
    }

    @Test
    void a_piece_is_not_remembered_beyond_an_eviction() throws IOException {
        readExactlyChecked(file, page(2, 0));
        store.evict(VERSION);
        readExactlyChecked(file, page(2, 0));
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void a_block_of_which_an_eighth_came_in_pieces_comes_whole() throws IOException {
        for (int piece = 0; piece < 8; piece++) {
            readExactlyChecked(file, page(2 * piece, 3));
        }
        assertThat(source.requestedBytes()).isEqualTo(BLOCK / 8);
        readExactlyChecked(file, page(40, 0));
        assertThat(requested().getLast()).isEqualTo(new ByteRange(0, BLOCK));
        awaitKept(BLOCK);
        readExactlyChecked(file, page(50, 0));
        assertThat(source.requests()).hasSize(9);
    }

    @Test
    void a_large_read_fetches_its_block_whole_at_once() throws IOException {
        readExactlyChecked(file, new ByteRange(BLOCK + 1, BLOCK / 8));
        assertThat(requested()).containsExactly(new ByteRange(BLOCK, BLOCK));
    }

    @Test
    void a_short_last_block_comes_whole() throws IOException {
        readExactlyChecked(file, new ByteRange(3 * BLOCK, PAGE));
        assertThat(requested()).containsExactly(new ByteRange(3 * BLOCK, TAIL));
    }

    @Test
    void after_its_eviction_a_block_is_read_in_pieces_again() throws IOException {
        readChecked(file, page(0, 0));
        awaitKept(BLOCK);
        store.evict(VERSION);
        readExactlyChecked(file, page(0, 0));
        assertThat(requested()).containsExactly(new ByteRange(0, BLOCK), new ByteRange(0, PIECE));
    }

    @Test
    void boards_the_flight_of_the_block_when_there_is_one() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((request, offset) -> BlockStoreContract.awaitGate(gate));
        file.prefetch(new ByteRange(0, 1), FetchReason.READ_AHEAD);
        await().until(() -> source.requests().size() == 1);
        CompletableFuture<PinnedBytes> read = StoreReads.startExactly(file, page(7, 0));
        gate.countDown();
        try (PinnedBytes bytes = StoreReads.await(read)) {
            StoreReads.assertBytes(VERSION, page(7, 0), bytes);
        }
        assertThat(requested()).containsExactly(new ByteRange(0, BLOCK));
    }

    @Test
    void a_failure_is_the_readers_and_is_forgotten() throws IOException {
        source.weather((request, offset) -> {
            throw new OriginException.VersionChanged("index was replaced");
        });
        assertThatThrownBy(() -> readExactlyChecked(file, page(0, 0)))
                .isInstanceOf(OriginException.VersionChanged.class);
        source.weather((request, offset) -> {});
        readExactlyChecked(file, page(0, 0));
    }

    @Test
    void a_closed_file_is_not_read() {
        file.close();
        assertThatThrownBy(() -> readExactlyChecked(file, page(0, 0))).hasMessageContaining("was closed");
        assertThat(source.requests()).isEmpty();
    }

    private static ByteRange page(int piece, int page) {
        return new ByteRange(piece * PIECE + (long) page * PAGE, PAGE);
    }

    private List<ByteRange> requested() {
        return source.requests().stream().map(PatternSource.Request::range).toList();
    }

    private void awaitKept(long bytes) {
        await().until(() -> file.residency().uniqueBytes() == bytes);
    }
}
