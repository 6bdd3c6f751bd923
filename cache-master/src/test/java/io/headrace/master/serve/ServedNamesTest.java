package io.headrace.master.serve;

import static io.headrace.protocol.Namespace.ROOT_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.names.MasterException;
import io.headrace.client.names.NamesSettings;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What readers see of a master that changes, fails, ends and comes back. */
final class ServedNamesTest {
    private static final Duration VALID = Duration.ofSeconds(5);
    private static final Duration WITHOUT_MASTER = Duration.ofMinutes(10);
    private static final ServeSettings SETTINGS = ServeSettings.defaults();

    private final FakeNames names = new FakeNames();
    private final AtomicLong clock = new AtomicLong();
    private ServedNames served;

    @BeforeEach
    void serve() throws IOException {
        served = ServedNames.start(service());
    }

    @AfterEach
    void close() throws IOException {
        served.close();
        assertThat(names.openCursors).hasValue(0);
    }

    private CatalogService service() {
        return new CatalogService(
                new NameView(names, names::origin, entry -> VALID), SETTINGS, new Random(clock.get()));
    }

    private RemoteNamespace client() {
        return served.client(settings(Duration.ofSeconds(45), 4096), clock::get);
    }

    private static NamesSettings settings(Duration deadline, int page) {
        return new NamesSettings(deadline, WITHOUT_MASTER, 1000, 10_000, page);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static List<String> list(Namespace namespace, long directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryCursor cursor = namespace.openDirectory(directory)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                found.add(next.get().name().toString());
            }
        }
        return found;
    }

    /** Waits until the client follows the changes; its first listener call says so. */
    private static List<NamespaceChange> heard(RemoteNamespace client) {
        List<NamespaceChange> heard = new CopyOnWriteArrayList<>();
        var _ = client.subscribe(heard::add);
        return heard;
    }

    private void awaitFollowing(int clients) {
        await().atMost(Duration.ofSeconds(45)).until(() -> served.service().watching() == clients);
    }

    @Test
    void what_is_known_is_not_asked_again_while_it_is_valid() throws IOException {
        Entry file = names.file(ROOT_ID, "a");
        RemoteNamespace client = client();
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
        assertThat(client.lookup(ROOT_ID, EntryName.of("b"))).isEmpty();
        int before = names.questions.get();
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
        assertThat(client.lookup(ROOT_ID, EntryName.of("b"))).isEmpty();
        assertThat(client.entry(file.id())).contains(file);
        assertThat(client.parentOf(file.id())).contains(ROOT_ID);
        assertThat(names.questions).hasValue(before);
        pass(VALID);
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
        assertThat(names.questions).hasValue(before + 1);
    }

    @Test
    void a_listed_directory_answers_for_each_of_its_names_and_for_absent_ones() throws IOException {
        Entry a = names.file(ROOT_ID, "a");
        names.file(ROOT_ID, "c");
        RemoteNamespace client = client();
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(list(client, ROOT_ID)).containsExactly("a", "c");
        int before = names.questions.get();
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(a);
        assertThat(client.lookup(ROOT_ID, EntryName.of("b"))).isEmpty();
        assertThat(client.entry(a.id())).contains(a);
        assertThat(list(client, ROOT_ID)).containsExactly("a", "c");
        assertThat(names.questions).hasValue(before);
    }

    @Test
    void a_change_shows_as_soon_as_it_is_heard() throws IOException {
        Entry before = names.file(ROOT_ID, "a");
        names.file(ROOT_ID, "gone");
        RemoteNamespace client = client();
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(list(client, ROOT_ID)).containsExactly("a", "gone");
        Entry after = names.file(ROOT_ID, "a");
        names.file(ROOT_ID, "new");
        names.remove(ROOT_ID, "gone");
        await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
            assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(after);
            assertThat(client.lookup(ROOT_ID, EntryName.of("gone"))).isEmpty();
            assertThat(client.lookup(ROOT_ID, EntryName.of("new"))).isPresent();
            assertThat(client.entry(before.id())).isEmpty();
            assertThat(list(client, ROOT_ID)).containsExactly("a", "new");
        });
    }

    @Test
    void a_reader_of_known_names_does_not_notice_that_the_master_is_away() throws IOException {
        Entry directory = names.directory(ROOT_ID, "d");
        Entry file = names.file(directory.id(), "a");
        RemoteNamespace client = client();
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(client.lookup(ROOT_ID, EntryName.of("d"))).contains(directory);
        assertThat(list(client, directory.id())).containsExactly("a");
        Namespace.NamespaceTotals totals = client.totals();

        served.stop();
        pass(Duration.ofMinutes(1));

        assertThat(client.lookup(ROOT_ID, EntryName.of("d"))).contains(directory);
        assertThat(client.lookup(directory.id(), EntryName.of("a"))).contains(file);
        assertThat(client.entry(file.id())).contains(file);
        assertThat(client.parentOf(file.id())).contains(directory.id());
        assertThat(list(client, directory.id())).containsExactly("a");
        assertThat(client.totals()).isEqualTo(totals);

        pass(WITHOUT_MASTER);
        RemoteNamespace impatient = client;
        FutureTask<Optional<Entry>> late = new FutureTask<>(() -> impatient.lookup(ROOT_ID, EntryName.of("d")));
        Thread.ofPlatform().name("late-reader").start(late);
        served.startAgain(service());
        assertThat(awaitAnswer(late)).contains(directory);
    }

    private static <T> T awaitAnswer(FutureTask<T> task) {
        try {
            return task.get(45, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer came", e);
        }
    }

    @Test
    void what_is_not_known_fails_at_the_deadline_and_is_not_absent() throws IOException {
        names.file(ROOT_ID, "a");
        RemoteNamespace client = served.client(settings(Duration.ofMillis(300), 4096), clock::get);
        served.stop();
        assertThatThrownBy(() -> client.lookup(ROOT_ID, EntryName.of("a")))
                .isInstanceOf(MasterException.Unavailable.class)
                .hasMessageContaining("within 300 ms for \"a\" in directory 1");
        assertThatThrownBy(() -> client.entry(7)).isInstanceOf(MasterException.Unavailable.class);
        assertThatThrownBy(() -> client.openDirectory(ROOT_ID)).isInstanceOf(MasterException.Unavailable.class);
        served.startAgain(service());
        await().atMost(Duration.ofSeconds(45))
                .ignoreExceptionsInstanceOf(MasterException.Unavailable.class)
                .until(() -> client.lookup(ROOT_ID, EntryName.of("a")).isPresent());
    }

    @Test
    void changes_that_a_restarted_master_does_not_know_are_asked_for() throws IOException {
        names.file(ROOT_ID, "a");
        RemoteNamespace client = client();
        List<NamespaceChange> heard = heard(client);
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).isPresent();
        served.stop();
        heard.clear();
        names.remove(ROOT_ID, "a");
        clock.incrementAndGet();
        served.startAgain(service());
        await().atMost(Duration.ofSeconds(45)).until(() -> heard.contains(new NamespaceChange.Missed()));
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).isEmpty();
    }

    @Test
    void readers_of_known_names_see_no_error_while_the_master_restarts_again_and_again() throws IOException {
        Entry file = names.file(ROOT_ID, "a");
        RemoteNamespace client = client();
        await().until(() -> client.rootModified().equals(names.rootModified()));
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
        AtomicLong stop = new AtomicLong();
        FutureTask<Long> reader = new FutureTask<>(() -> {
            long reads = 0;
            while (stop.get() == 0) {
                pass(Duration.ofMillis(10));
                assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
                reads++;
            }
            return reads;
        });
        Thread.ofPlatform().name("reader").start(reader);
        for (int i = 0; i < 3; i++) {
            served.stop();
            clock.incrementAndGet();
            served.startAgain(service());
            awaitFollowing(1);
        }
        stop.set(1);
        assertThat(awaitAnswer(reader)).isPositive();
    }

    @Test
    void a_large_directory_is_read_on_where_it_was_when_the_master_comes_back() throws IOException {
        for (int i = 0; i < 100; i++) {
            names.file(ROOT_ID, String.valueOf(100 + i));
        }
        RemoteNamespace client = served.client(settings(Duration.ofSeconds(45), 10), clock::get);
        try (DirectoryCursor cursor = client.openDirectory(ROOT_ID)) {
            for (int i = 0; i < 15; i++) {
                assertThat(cursor.next()).isPresent();
            }
            served.stop();
            served.startAgain(service());
            for (int i = 15; i < 100; i++) {
                assertThat(cursor.position()).isEqualTo(i);
                assertThat(cursor.next())
                        .get()
                        .extracting(entry -> entry.name().toString())
                        .isEqualTo("" + (100 + i));
            }
            assertThat(cursor.next()).isEmpty();
            cursor.seek(42);
            assertThat(cursor.next())
                    .get()
                    .extracting(entry -> entry.name().toString())
                    .isEqualTo("142");
        }
        await().atMost(Duration.ofSeconds(45)).until(() -> served.service().openDirectories() == 0);
    }

    @Test
    void a_large_directory_that_changed_while_the_master_was_away_is_not_read_on() throws IOException {
        for (int i = 0; i < 100; i++) {
            names.file(ROOT_ID, String.valueOf(100 + i));
        }
        RemoteNamespace client = served.client(settings(Duration.ofSeconds(45), 10), clock::get);
        try (DirectoryCursor cursor = client.openDirectory(ROOT_ID)) {
            for (int i = 0; i < 10; i++) {
                assertThat(cursor.next()).isPresent();
            }
            served.stop();
            names.remove(ROOT_ID, "100");
            served.startAgain(service());
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(MasterException.Unavailable.class)
                    .hasMessageContaining("list it again");
        }
    }

    @Test
    void origin_trouble_comes_across_with_its_type() throws IOException {
        RemoteNamespace client = client();
        names.fail(new OriginException.Refused(OriginException.Refusal.FORBIDDEN, "the key may not list s3://m"));
        assertThatThrownBy(() -> client.lookup(ROOT_ID, EntryName.of("a")))
                .hasMessage("the key may not list s3://m")
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(OriginException.Refusal.FORBIDDEN));
        names.fail(new OriginException.Unavailable("s3://m is away"));
        assertThatThrownBy(() -> client.openDirectory(ROOT_ID))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessage("s3://m is away");
        assertThatThrownBy(() -> client.entry(5)).isInstanceOf(OriginException.Unavailable.class);
        names.fail(null);
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).isEmpty();
    }

    @Test
    void origin_trouble_leaves_the_old_answer() throws IOException {
        Entry file = names.file(ROOT_ID, "a");
        RemoteNamespace client = client();
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
        names.fail(new OriginException.Unavailable("s3://m is away"));
        pass(VALID);
        assertThat(client.lookup(ROOT_ID, EntryName.of("a"))).contains(file);
    }

    @Test
    void a_mistake_in_the_master_is_neither_absent_nor_asked_again() throws IOException {
        RemoteNamespace client = client();
        names.fail(new IOException("the catalog's disk is full"));
        int before = names.questions.get();
        assertThatThrownBy(() -> client.lookup(ROOT_ID, EntryName.of("a")))
                .isInstanceOf(MasterException.Failed.class)
                .hasMessageContaining("the catalog's disk is full");
        assertThat(names.questions).hasValue(before + 1);
        names.fail(null);
    }

    @Test
    void an_unknown_directory_is_no_such_file() {
        RemoteNamespace client = client();
        assertThatThrownBy(() -> client.openDirectory(4711))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("directory 4711: it was removed at its origin");
    }

    @Test
    void names_that_are_not_utf8_come_across() throws IOException {
        EntryName name = new EntryName(Bytes.copyOf(new byte[] {'c', (byte) 0xe9, (byte) 0xff}));
        Entry file = names.file(ROOT_ID, name, new ObjectKey(name.bytes()));
        RemoteNamespace client = client();
        assertThat(client.lookup(ROOT_ID, name)).contains(file);
        try (DirectoryCursor cursor = client.openDirectory(ROOT_ID)) {
            assertThat(cursor.next()).contains(file);
        }
    }

    @Test
    void a_directory_whose_page_would_be_too_large_comes_in_smaller_ones() throws IOException {
        String longKey = "k".repeat(100_000);
        for (int i = 0; i < 60; i++) {
            names.file(ROOT_ID, EntryName.of("" + (100 + i)), ObjectKey.of(longKey));
        }
        assertThat(list(client(), ROOT_ID)).hasSize(60).startsWith("100").endsWith("159");
    }
}
