package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.Namespace.NamespaceTotals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random changes of an origin, seen by readers and by full listings in any order, against a map of keys to lengths. */
final class CatalogModelTest {
    private static final List<String> KEYS =
            List.of("a", "b", "d/1", "d/2", "d/3", "d/4", "d/e/1", "d/e/2", "f/g/h/1", "f/g/h/2", "f/i");
    private static final Duration BOUND = MountSettings.defaults().staleness();

    enum Action {
        PUT,
        REMOVE,
        LOOK_UP,
        LIST_ALL,
        PASS_THE_BOUND
    }

    record Step(Action action, String key, long lengthBytes) {}

    @Property(tries = 80)
    void names_are_the_origins_after_any_changes(@ForAll("steps") List<Step> steps) throws Exception {
        Path directory = Files.createTempDirectory("catalog-model");
        FakeOrigin origin = new FakeOrigin("s3://model", 3);
        NavigableMap<String, Long> model = new TreeMap<>();
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            CatalogMount mount = open.mountListed(origin);
            for (Step step : steps) {
                switch (step.action()) {
                    case PUT -> {
                        origin.put(step.key(), step.lengthBytes());
                        model.put(step.key(), step.lengthBytes());
                    }
                    case REMOVE -> {
                        origin.remove(step.key());
                        model.remove(step.key());
                    }
                    case LOOK_UP -> open.find(step.key());
                    case PASS_THE_BOUND -> {
                        open.clock.advance(BOUND);
                        requireSame(open, model);
                    }
                    case LIST_ALL -> {
                        open.clock.advance(Duration.ofMillis(1));
                        mount.list();
                        requireSame(open, model);
                    }
                }
            }
            open.clock.advance(BOUND);
            requireSame(open, model);
        } finally {
            delete(directory);
        }
    }

    private static void requireSame(OpenCatalog open, NavigableMap<String, Long> model) throws IOException {
        NavigableMap<String, Set<String>> directories = directoriesOf(model.keySet());
        Map<String, Entry> tree = open.walk();
        Map<String, Long> files = new TreeMap<>();
        tree.forEach((path, entry) -> {
            if (entry instanceof FileEntry file) {
                files.put(path, file.version().lengthBytes());
            }
        });
        assertThat(files).isEqualTo(model);
        assertThat(tree).hasSize(model.size() + directories.size() - 1);
        for (String key : KEYS) {
            assertThat(open.find(key)).as(key).isEqualTo(Optional.ofNullable(tree.get(key)));
        }
        for (Map.Entry<String, Set<String>> inside : directories.entrySet()) {
            String path = inside.getKey();
            requireListing(
                    open,
                    path.isEmpty()
                            ? Namespace.ROOT_ID
                            : open.find(path).orElseThrow().id(),
                    List.copyOf(inside.getValue()));
        }
        long bytes = model.values().stream().mapToLong(Long::longValue).sum();
        assertThat(open.catalog.totals()).isEqualTo(new NamespaceTotals(model.size(), directories.size() - 1, bytes));
    }

    /** From the start, and from each position on. */
    private static void requireListing(OpenCatalog open, long directory, List<String> names) throws IOException {
        assertThat(open.list(directory)).isEqualTo(names);
        try (DirectoryCursor cursor = open.catalog.openDirectory(directory)) {
            for (int from = names.size() - 1; from >= 0; from--) {
                cursor.seek(from);
                List<String> rest = new ArrayList<>();
                for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                    rest.add(next.get().name().toString());
                }
                assertThat(rest).isEqualTo(names.subList(from, names.size()));
            }
        }
    }

    /** By path, "" for the root: the names inside, in order. */
    private static NavigableMap<String, Set<String>> directoriesOf(Set<String> keys) {
        NavigableMap<String, Set<String>> found = new TreeMap<>();
        found.put("", new TreeSet<>());
        for (String key : keys) {
            String path = "";
            for (String name : key.split("/")) {
                found.computeIfAbsent(path, above -> new TreeSet<>()).add(name);
                path = path.isEmpty() ? name : path + "/" + name;
            }
        }
        return found;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Action> action = Arbitraries.frequency(
                Tuple.of(6, Action.PUT),
                Tuple.of(4, Action.REMOVE),
                Tuple.of(2, Action.LOOK_UP),
                Tuple.of(1, Action.LIST_ALL),
                Tuple.of(1, Action.PASS_THE_BOUND));
        return Combinators.combine(
                        action, Arbitraries.of(KEYS), Arbitraries.longs().between(0, 9))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
