package io.headrace.master.catalog;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A catalog with its clock and background in the test's hands. */
final class OpenCatalog implements AutoCloseable {
    final SetClock clock;
    final ManualBackground background = new ManualBackground();
    final Catalog catalog;
    /** What the test reads: the catalog, or a client of it. */
    private Namespace names;

    OpenCatalog(Path directory, SetClock clock, FaultPoints faults) throws IOException {
        this(directory, clock, faults, Catalog.ANSWER_WITHIN);
    }

    OpenCatalog(Path directory, SetClock clock, FaultPoints faults, Duration answerWithin) throws IOException {
        this.clock = clock;
        this.catalog = Catalog.open(
                directory,
                CatalogSettings.defaults(),
                new Catalog.Surroundings(clock, new SimpleMeterRegistry(), faults, background, answerWithin));
        this.names = catalog;
    }

    void readThrough(Namespace client) {
        names = client;
    }

    Namespace names() {
        return names;
    }

    static OpenCatalog open(Path directory) throws IOException {
        return new OpenCatalog(directory, new SetClock(), FaultPoints.NONE);
    }

    CatalogMount mount(UnderStore origin) throws IOException {
        return catalog.mount("", origin, MountSettings.defaults());
    }

    /** Mounts at the root, and lists all. */
    CatalogMount mountListed(UnderStore origin) throws IOException {
        CatalogMount mount = mount(origin);
        background.runListing();
        return mount;
    }

    /** Lists all again, a moment later. */
    void relist(CatalogMount mount) throws IOException {
        clock.advance(Duration.ofMillis(1));
        try {
            mount.list();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Optional<Entry> find(String path) throws IOException {
        return find(names, path);
    }

    static Optional<Entry> find(Namespace namespace, String path) throws IOException {
        long directory = Namespace.ROOT_ID;
        Optional<Entry> entry = Optional.empty();
        for (String name : path.split("/")) {
            entry = namespace.lookup(directory, EntryName.of(name));
            if (entry.isEmpty()) {
                return entry;
            }
            directory = entry.get().id();
        }
        return entry;
    }

    List<String> list(long directory) throws IOException {
        List<String> listed = new ArrayList<>();
        try (DirectoryCursor cursor = names.openDirectory(directory)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                listed.add(next.get().name().toString());
            }
        }
        return listed;
    }

    interface Refusals {
        void add(String path, OriginException.Unavailable why) throws IOException;
    }

    /** All entries by path, found by walking. */
    Map<String, Entry> walk() throws IOException {
        return walk((path, why) -> {
            throw why;
        });
    }

    /** As {@link #walk()}, but tells which directories' origins do not answer, and goes on behind them. */
    Map<String, Entry> walk(Refusals refusals) throws IOException {
        Map<String, Entry> found = new TreeMap<>();
        walk(Namespace.ROOT_ID, "", found, refusals);
        return found;
    }

    private void walk(long directory, String path, Map<String, Entry> found, Refusals refusals) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryCursor cursor = names.openDirectory(directory)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                entries.add(next.get());
            }
        } catch (OriginException.Unavailable e) {
            refusals.add(path, e);
        }
        for (Entry entry : entries) {
            String below = path.isEmpty() ? entry.name().toString() : path + "/" + entry.name();
            found.put(below, entry);
            if (entry instanceof Entry.DirectoryEntry) {
                walk(entry.id(), below, found, refusals);
            }
        }
    }

    @Override
    public void close() throws IOException {
        catalog.close();
    }
}
