package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.NextFile;
import io.headrace.client.ReadAhead;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a mount tells read-ahead, and what it does with the answers. */
@Timeout(60)
class ReadAheadIT {
    private static final int HEADER_BYTES = 3000;

    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();

    /** Wants the file's first bytes once, then one range. */
    private static final class Recording implements ReadAhead {
        final List<ByteRange> observed = new CopyOnWriteArrayList<>();
        final List<byte[]> headers = new CopyOnWriteArrayList<>();

        @Override
        public synchronized List<ByteRange> observe(ByteRange read) {
            observed.add(read);
            return observed.size() == 1 ? List.of(new ByteRange(4 << 20, 1 << 20)) : List.of();
        }

        @Override
        public List<ByteRange> inspectHeader(ByteBuffer head) {
            byte[] bytes = new byte[head.remaining()];
            head.get(bytes);
            headers.add(bytes);
            return List.of(new ByteRange(6 << 20, 1 << 20));
        }

        @Override
        public ByteRange wantedHeader() {
            return headers.isEmpty() ? new ByteRange(0, HEADER_BYTES) : NO_BYTES;
        }

        @Override
        public String describe() {
            return "recording";
        }
    }

    private FuseMount mount(TemporaryStore store, MountContent content) throws IOException {
        Path mountPoint = Files.createDirectories(scratch.resolve("mnt"));
        assertThat(content.files()).isSameAs(store);
        return FuseMount.mount(
                new MountTarget(mountPoint, "test:it", Optional.empty()),
                Settings.served(),
                content,
                new SimpleMeterRegistry());
    }

    private TemporaryStore store() throws IOException {
        return new TemporaryStore(Files.createDirectories(scratch.resolve("store")));
    }

    @Test
    void sees_every_read_and_the_first_bytes_and_is_obeyed() throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", 8 << 20);
        Recording readAhead = new Recording();
        try (TemporaryStore store = store();
                FuseMount mount =
                        mount(store, new MountContent(names, store, opened -> readAhead, Mounted.NO_SIBLINGS))) {
            TemporaryStore.StoredFile stored = store.absent(file);
            CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> {
                try {
                    return Files.readAllBytes(mount.mountPoint().resolve("f"));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            await().until(() -> stored.waitingReads() > 1);
            stored.arrive();
            byte[] content = TemporaryStore.content(file);
            assertThat(reader.join()).isEqualTo(content);
            await().until(() -> store.prefetched.size() == 2);
            assertThat(store.prefetched)
                    .containsExactlyInAnyOrder(new ByteRange(4 << 20, 1 << 20), new ByteRange(6 << 20, 1 << 20));
            assertThat(readAhead.headers).hasSize(1);
            assertThat(readAhead.headers.getFirst()).isEqualTo(java.util.Arrays.copyOf(content, HEADER_BYTES));
            assertThat(readAhead.observed.stream().mapToLong(ByteRange::length).sum())
                    .isGreaterThanOrEqualTo(8 << 20);
        }
    }

    @Test
    void the_small_files_of_a_directory_are_fetched_ahead_when_it_says_so() throws Exception {
        long directory = names.directory(Namespace.ROOT_ID, "d").id();
        List<FileEntry> small = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            small.add(names.file(directory, "small-" + i, 10_000));
        }
        FileEntry large = names.file(directory, "large", 2 << 20);
        List<Long> misses = new CopyOnWriteArrayList<>();
        try (TemporaryStore store = store();
                FuseMount mount = mount(
                        store, new MountContent(names, store, opened -> Mounted.NO_READ_AHEAD, (parent, missed) -> {
                            misses.add(missed);
                            return misses.size() == 1 ? List.of(parent) : List.of();
                        }))) {
            assertThat(Files.readAllBytes(mount.mountPoint().resolve("d/small-0")))
                    .isEqualTo(TemporaryStore.content(small.getFirst()));
            await().untilAsserted(() -> {
                for (FileEntry file : small) {
                    assertThat(store.open(file).isComplete()).isTrue();
                }
            });
            assertThat(store.open(large).isComplete()).isFalse();
            assertThat(misses).containsExactly(small.getFirst().id());
        }
    }

    @Test
    void begins_to_fetch_the_file_that_comes_next_and_opens_it_for_that_alone() throws Exception {
        names.file(Namespace.ROOT_ID, "shard-1", 1 << 20);
        FileEntry second = names.file(Namespace.ROOT_ID, "shard-2", 1 << 20);
        try (TemporaryStore store = store();
                FuseMount mount = mount(
                        store,
                        new MountContent(
                                names,
                                store,
                                opened -> opened.equals(second) ? Mounted.NO_READ_AHEAD : new Continuing("shard-2"),
                                Mounted.NO_SIBLINGS))) {
            names.entry(2).map(FileEntry.class::cast).ifPresent(store::complete);
            Files.readAllBytes(mount.mountPoint().resolve("shard-1"));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(store.prefetched).containsExactly(new ByteRange(0, 700_000)));
            await().atMost(Duration.ofSeconds(60)).until(() -> store.opens.get() == 0);
        }
    }

    /** Names the next file once. */
    private static final class Continuing implements ReadAhead {
        private final AtomicReference<Optional<NextFile>> next;

        Continuing(String name) {
            next = new AtomicReference<>(Optional.of(new NextFile(EntryName.of(name), 700_000)));
        }

        @Override
        public List<ByteRange> observe(ByteRange read) {
            return List.of();
        }

        @Override
        public List<ByteRange> inspectHeader(ByteBuffer head) {
            return List.of();
        }

        @Override
        public ByteRange wantedHeader() {
            return NO_BYTES;
        }

        @Override
        public Optional<NextFile> nextFile() {
            return next.getAndSet(Optional.empty());
        }

        @Override
        public String describe() {
            return "continuing";
        }
    }
}
