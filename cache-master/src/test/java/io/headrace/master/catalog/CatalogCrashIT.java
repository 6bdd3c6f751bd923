package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real process at each fault point, opens its catalog, and compares every name. */
final class CatalogCrashIT {
    private static final int KILLED = 137;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "catalog.import.written=1",
                "catalog.import.written=2",
                "catalog.import.ids-ingested=1",
                "catalog.import.ids-ingested=2",
                "catalog.import.ids-ingested=3",
                "catalog.import.ingested=1",
                "catalog.import.ingested=2",
                "catalog.import.ingested=3",
                "catalog.edit.ready=1",
                "catalog.edit.ready=4",
                "catalog.edit.written=1",
                "catalog.edit.written=4",
                "catalog.listing.swept=1",
                "catalog.listing.swept=2"
            })
    void every_name_is_right_after_a_crash_at(String fault) throws Exception {
        crash(fault);
        try (OpenCatalog open = OpenCatalog.open(directory.resolve("catalog"))) {
            FakeOrigin origin = CatalogCrashChild.origin();
            Set<FileVersion> possible = new HashSet<>(versions(origin));
            CatalogCrashChild.change(origin);
            possible.addAll(versions(origin));
            CatalogMount mount = open.mount(origin);
            if (open.catalog.generation() > 0) {
                origin.fail(new OriginException.Unavailable("down while the old names are read"));
                requireOldNames(open, possible);
                origin.recover();
            }
            open.clock.advance(Duration.ofHours(1));
            assertThat(versions(open.walk())).isEqualTo(versions(origin));
            mount.list();
            Map<String, Entry> listed = open.walk();
            assertThat(versions(listed)).isEqualTo(versions(origin));
            requireWhole(open, listed);
        }
    }

    /**
     * Shows what was listed. The one directory that only the cut listing met says that the origin is down, since not all
     * of its names need be there.
     */
    private static void requireOldNames(OpenCatalog open, Set<FileVersion> possible) throws IOException {
        Set<String> refused = new HashSet<>();
        Map<String, Entry> tree = open.walk((path, why) -> refused.add(path));
        assertThat(refused).isSubsetOf("new");
        assertThat(tree).containsKeys("d0", "d8/e4");
        assertThat(possible.containsAll(versions(tree)))
                .as("versions of the origin")
                .isTrue();
        if (refused.isEmpty()) {
            requireWhole(open, tree);
        } else {
            requireIds(open, tree);
        }
    }

    /** Ids lead to their names, each to one, and the totals are those of what is there. */
    private static void requireWhole(OpenCatalog open, Map<String, Entry> tree) throws IOException {
        requireIds(open, tree);
        long files = 0;
        long bytes = 0;
        for (Entry entry : tree.values()) {
            if (entry instanceof FileEntry file) {
                files++;
                bytes += file.version().lengthBytes();
            }
        }
        assertThat(open.catalog.totals()).isEqualTo(new NamespaceTotals(files, tree.size() - files, bytes));
    }

    private static void requireIds(OpenCatalog open, Map<String, Entry> tree) throws IOException {
        Set<Long> ids = new HashSet<>();
        for (Entry entry : tree.values()) {
            assertThat(ids.add(entry.id())).as("id of %s", entry).isTrue();
            assertThat(open.catalog.entry(entry.id())).contains(entry);
        }
    }

    private static Set<FileVersion> versions(FakeOrigin origin) {
        Map<ObjectKey, ObjectStatus> content = origin.content();
        return content.values().stream()
                .map(status -> status.version(origin.mountId()))
                .collect(Collectors.toSet());
    }

    private static Set<FileVersion> versions(Map<String, Entry> tree) {
        return tree.values().stream()
                .filter(FileEntry.class::isInstance)
                .map(entry -> ((FileEntry) entry).version())
                .collect(Collectors.toSet());
    }

    private void crash(String fault) throws Exception {
        Process child = new ProcessBuilder(ChildJvm.command(
                        CatalogCrashChild.class, directory.resolve("catalog").toString(), fault))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("child.log").toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child ends").isTrue();
            assertThat(child.exitValue()).as("reached %s", fault).isEqualTo(KILLED);
        } finally {
            child.destroyForcibly();
        }
    }
}
