package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Complete files, read by the kernel itself. Needs root and Linux 6.9. */
@Timeout(60)
class PassthroughIT {
    private static final int LENGTH = (3 << 20) + 77;

    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();
    private FileEntry file;
    private byte[] content;
    private Mounted mounted;

    @BeforeEach
    void mount() throws IOException {
        file = names.file(Namespace.ROOT_ID, "f", LENGTH);
        content = TemporaryStore.content(file);
        mounted = new Mounted(scratch, names, Settings.passthrough());
        assertThat(mounted.mount.noPassthrough()).isEmpty();
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
        assertThat(mounted.store.lent).hasValue(0);
        assertThat(mounted.store.opens).hasValue(0);
    }

    private byte[] read() throws IOException {
        return Files.readAllBytes(mounted.path("f"));
    }

    private double passedThrough() {
        return mounted.metrics
                .counter("headrace.fuse.opens", "mode", "passthrough", "reason", "complete")
                .count();
    }

    @Test
    void a_complete_file_is_read_and_mapped_without_the_daemon() throws Exception {
        mounted.store.complete(file);
        assertThat(read()).isEqualTo(content);
        try (FileChannel channel = FileChannel.open(mounted.path("f"));
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH, arena);
            assertThat(mapped.mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
        }
        assertThat(passedThrough()).isEqualTo(2);
        assertThat(mounted.requests("read")).isZero();
    }

    @Test
    void both_ways_of_reading_one_file_live_side_by_side() throws Exception {
        TemporaryStore.StoredFile stored = mounted.store.absent(file);
        try (FileChannel before = FileChannel.open(mounted.path("f"))) {
            stored.arrive();
            await().untilAsserted(() -> {
                assertThat(read()).isEqualTo(content);
                assertThat(passedThrough()).isPositive();
            });
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(LENGTH);
            while (bytes.hasRemaining() && before.read(bytes) > 0) {}
            assertThat(bytes.array()).isEqualTo(content);
        }
        assertThat(mounted.requests("read")).isPositive();
    }

    @Test
    void a_file_listed_before_it_was_complete_is_passed_through_by_the_first_open_after() throws Exception {
        assertThat(Mounted.run("ls", "-l", mounted.mountPoint.toString())).contains("f");
        mounted.store.complete(file);
        assertThat(read()).isEqualTo(content);
        assertThat(mounted.requests("read")).isZero();
        assertThat(passedThrough()).isEqualTo(1);
    }

    @Test
    void an_evicted_file_is_served_again() throws Exception {
        TemporaryStore.StoredFile stored = mounted.store.complete(file);
        assertThat(read()).isEqualTo(content);
        await().untilAsserted(() -> assertThat(mounted.store.lent).hasValue(0));
        stored.evict();
        var reader = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
                return read();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await().until(() -> stored.waitingReads() > 0);
        stored.arrive();
        assertThat(reader.join()).isEqualTo(content);
        assertThat(mounted.requests("read")).isPositive();
    }

    /** The kernel looks a name up again once for an open: a second ESTALE would be the program's. */
    @Test
    void an_evicted_file_that_is_complete_again_after_its_lookup_is_opened_all_the_same() throws Exception {
        TemporaryStore.StoredFile stored = mounted.store.complete(file);
        assertThat(read()).isEqualTo(content);
        await().untilAsserted(() -> assertThat(mounted.store.lent).hasValue(0));
        int openOfTheOldNodeAndBothLookups = 3;
        stored.seemIncomplete(openOfTheOldNodeAndBothLookups);
        assertThat(read()).isEqualTo(content);
        assertThat(passedThrough()).as("the second open found the served node").isEqualTo(1);
        await().untilAsserted(() -> {
            assertThat(read()).isEqualTo(content);
            assertThat(passedThrough()).isGreaterThan(1);
        });
    }

    @Test
    void a_file_that_cannot_be_handed_out_is_served() throws Exception {
        mounted.store.complete(file).pack();
        assertThat(read()).isEqualTo(content);
        assertThat(passedThrough()).isZero();
    }

    @Test
    void hundreds_of_opens_share_one_loan_and_give_it_back() throws Exception {
        mounted.store.complete(file);
        List<InputStream> opened = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            opened.add(Files.newInputStream(mounted.path("f")));
        }
        assertThat(mounted.store.lent).hasValue(1);
        for (InputStream stream : opened) {
            stream.close();
        }
        await().untilAsserted(() -> assertThat(mounted.store.lent).hasValue(0));
    }

    /** The kernel lets go of our file with its descriptor, and keeps the cache's for the mapping: see CachedFile.handOut. */
    @Test
    void a_mapping_outlives_its_descriptor_the_loan_and_the_cache_file() throws Exception {
        mounted.store.complete(file);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped;
            try (FileChannel channel = FileChannel.open(mounted.path("f"))) {
                mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH, arena);
            }
            await().untilAsserted(() -> assertThat(mounted.store.lent).hasValue(0));
            Files.delete(mounted.store.pathOf(file));
            assertThat(mapped.mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
        }
    }
}
