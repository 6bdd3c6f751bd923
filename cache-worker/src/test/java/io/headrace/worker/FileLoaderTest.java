package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.worker.LoadProgress.FailedFile;
import io.headrace.worker.LoadProgress.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FileLoaderTest {
    private static final long LARGE = 1L << 30;

    private final FakeBlockStore store = new FakeBlockStore();
    private final FakeNamespace namespace = new FakeNamespace();
    private final FileLoader loader = new FileLoader(store, (version, range, reason) -> {
        throw new IOException("the fake store fetches nothing");
    });

    @Test
    void loads_every_byte_of_every_file() throws Exception {
        for (int i = 0; i < 3000; i++) {
            namespace.file("small/" + i % 10 + "/" + i, i);
        }
        namespace.file("large/1", LARGE).file("large/2", 3 * LARGE + 5).file("empty", 0);
        LoadProgress end = end(load());
        long bytes = 3000L * 2999 / 2 + 4 * LARGE + 5;
        assertThat(end.state()).isEqualTo(State.COMPLETE);
        assertThat(end.filesTotal()).isEqualTo(3003);
        assertThat(end.filesDone()).isEqualTo(3003);
        assertThat(end.bytesTotal()).isEqualTo(bytes);
        assertThat(end.bytesFetched()).isEqualTo(bytes);
        assertThat(end.counting()).isFalse();
        assertThat(end.remaining()).contains(Duration.ZERO);
        assertThat(store.openFiles).hasValue(0);
    }

    @Test
    void counts_what_is_there_and_fetches_the_rest() throws Exception {
        namespace.file("a", 100).file("b", 50);
        end(load());
        namespace.file("c", 7);
        LoadProgress second = end(load());
        assertThat(second.state()).isEqualTo(State.COMPLETE);
        assertThat(second.bytesPresent()).isEqualTo(150);
        assertThat(second.bytesFetched()).isEqualTo(7);
        assertThat(second.bytesDone()).isEqualTo(second.bytesTotal());
    }

    @Test
    void lists_each_failed_file_and_loads_the_others() throws Exception {
        namespace.file("dir/bad", 10).file("dir/good", 10);
        store.hook = (key, range) -> {
            if (key.equals(ObjectKey.of("dir/bad"))) {
                throw new OriginException.Refused(OriginException.Refusal.FORBIDDEN, "grant s3:GetObject");
            }
        };
        LoadProgress end = end(load());
        assertThat(end.state()).isEqualTo(State.INCOMPLETE);
        assertThat(end.failures()).containsExactly(new FailedFile("dir/bad", "grant s3:GetObject"));
        assertThat(end.filesFailed()).isOne();
        assertThat(end.filesDone()).isOne();
        assertThat(end.bytesFetched()).isEqualTo(10);
    }

    @Test
    void is_not_complete_when_early_files_were_evicted_for_late_ones() throws Exception {
        namespace.file("early", 10).file("late", 10);
        LoadJob job = load();
        end(job);
        store.hook = (key, range) ->
                store.loaded.keySet().removeIf(version -> !version.key().equals(key));
        LoadProgress end = end(loader.start(selection(), new LoadSettings(1, 1, new ByteSize(0))));
        assertThat(end.state()).isEqualTo(State.INCOMPLETE);
        assertThat(end.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.path()).isEqualTo("early");
            assertThat(failure.reason()).contains("more room");
        });
    }

    @Test
    void a_path_that_is_missing_ends_the_load() throws Exception {
        LoadProgress end =
                end(loader.start(new NamespaceWalker(namespace, List.of("nothing")), LoadSettings.defaults()));
        assertThat(end.state()).isEqualTo(State.INCOMPLETE);
        assertThat(end.failures().getFirst().reason()).contains("there is no nothing");
    }

    @Test
    void shows_totals_while_files_are_still_loading() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        store.hook = (key, range) -> release.await();
        for (int i = 0; i < 5000; i++) {
            namespace.file("f" + i, 1000);
        }
        LoadJob job = load();
        await().until(() -> !job.progress().counting());
        assertThat(job.progress().filesTotal()).isEqualTo(5000);
        assertThat(job.progress().bytesDone()).isZero();
        assertThat(job.progress().remaining()).isEqualTo(Optional.empty());
        release.countDown();
        assertThat(end(job).state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void cancelling_ends_what_runs_and_drops_what_waits() throws Exception {
        AtomicInteger started = new AtomicInteger();
        store.hook = (key, range) -> {
            started.incrementAndGet();
            new CountDownLatch(1).await();
        };
        for (int i = 0; i < 5000; i++) {
            namespace.file("f" + i, 1000);
        }
        LoadJob job = load();
        await().until(() -> started.get() == 16);
        job.cancel();
        LoadProgress end = end(job);
        assertThat(end.state()).isEqualTo(State.CANCELLED);
        assertThat(end.failures()).isEmpty();
        await().untilAsserted(() -> assertThat(store.openFiles).hasValue(0));
        assertThat(started).hasValue(16);
    }

    @Test
    void keeps_to_its_rate_but_takes_present_bytes_at_once() throws Exception {
        VirtualClock clock = VirtualClock.jumping();
        FileLoader timed = new FileLoader(
                store,
                (version, range, reason) -> {
                    throw new IOException("the fake store fetches nothing");
                },
                clock);
        namespace.file("a", 100_000_000);
        LoadSettings slow = LoadSettings.defaults().withMaxBytesPerSecond(ByteSize.parse("10MB"));
        long start = clock.nanos();
        end(timed.start(selection(), slow));
        assertThat(Duration.ofNanos(clock.nanos() - start)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
        long again = clock.nanos();
        end(timed.start(selection(), slow));
        assertThat(clock.nanos()).isEqualTo(again);
    }

    private LoadJob load() {
        return loader.start(selection(), LoadSettings.defaults());
    }

    private FileSelection selection() {
        return new NamespaceWalker(namespace, List.of(""));
    }

    private static LoadProgress end(LoadJob job) throws InterruptedException {
        assertThat(job.awaitEnd(Duration.ofSeconds(20))).isTrue();
        return job.progress();
    }
}
