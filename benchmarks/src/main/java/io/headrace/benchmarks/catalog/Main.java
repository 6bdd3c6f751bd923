package io.headrace.benchmarks.catalog;

import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogMount;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Imports a listing from memory, and measures import, lookup, entry, listing, listing again, size and opening. Arguments: an empty
 * directory; objects; objects in a directory; how many lookups (1 000 000).
 */
public final class Main {
    private static final String LOOKUPS = "1000000";
    private static final MountSettings SETTINGS = new MountSettings(Duration.ofHours(1), false, Duration.ofHours(1));

    private final Path directory;
    private final int objects;
    private final int inDirectory;
    private final int lookups;

    private Main(Path directory, int objects, int inDirectory, int lookups) {
        this.directory = directory;
        this.objects = objects;
        this.inDirectory = inDirectory;
        this.lookups = lookups;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int objects = Integer.parseInt(arguments[1]);
        int inDirectory = Integer.parseInt(arguments[2]);
        int lookups = Integer.parseInt(arguments.length > 3 ? arguments[3] : LOOKUPS);
        new Main(Path.of(arguments[0]), objects, inDirectory, lookups).run();
    }

    private Catalog open() throws IOException {
        return Catalog.open(
                directory, CatalogSettings.defaults(), Clock.systemUTC(), new SimpleMeterRegistry(), FaultPoints.NONE);
    }

    private void run() throws IOException, InterruptedException {
        ListedOrigin origin = ListedOrigin.of(objects, inDirectory);
        try (Catalog catalog = open()) {
            CatalogMount mount = catalog.mount("", origin, SETTINGS);
            Start start = Start.now();
            while (mount.status().listedAt().isEmpty()) {
                Thread.sleep(2);
            }
            rate("import", objects, start);
            start = Start.now();
            mount.list();
            rate("list again, nothing changed", objects, start);
            print("bytes a file on disk, as imported", (double) catalog.diskBytes() / objects);
            look(catalog);
            catalog.compact();
            print("bytes a file on disk, compacted", (double) catalog.diskBytes() / objects);
        }
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            try (Catalog catalog = open()) {
                CatalogMount mount = catalog.mount("", origin, SETTINGS);
                print("ms to open and mount " + mount.status().totals().files(), (System.nanoTime() - start) / 1e6);
            }
        }
    }

    private void look(Catalog catalog) throws IOException {
        long train = idOf(catalog, Namespace.ROOT_ID, "train");
        List<Long> parts = new ArrayList<>();
        for (int i = 0; i * inDirectory < objects; i++) {
            parts.add(idOf(catalog, train, String.format(Locale.ROOT, "part-%05d", i)));
        }
        List<EntryName> names = new ArrayList<>();
        List<Long> directories = new ArrayList<>();
        Random random = new Random(10);
        for (int i = 0; i < lookups; i++) {
            int object = random.nextInt(objects);
            names.add(EntryName.of(String.format(Locale.ROOT, "img_%08d.jpg", object)));
            directories.add(parts.get(object / inDirectory));
        }
        long[] ids = new long[lookups];
        for (int round = 0; round < 2; round++) {
            Start start = Start.now();
            for (int i = 0; i < lookups; i++) {
                ids[i] = catalog.lookup(directories.get(i), names.get(i))
                        .orElseThrow()
                        .id();
            }
            rate("lookup, at random, one thread", lookups, start);
            start = Start.now();
            for (long id : ids) {
                if (catalog.entry(id).isEmpty()) {
                    throw new IllegalStateException("id " + id + " leads nowhere");
                }
            }
            rate("entry by id, at random, one thread", lookups, start);
            long listed = 0;
            start = Start.now();
            for (long part : parts) {
                listed += count(catalog, part);
            }
            rate("list directories", listed, start);
        }
    }

    private static long count(Catalog catalog, long part) throws IOException {
        long count = 0;
        try (DirectoryCursor cursor = catalog.openDirectory(part)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static long idOf(Catalog catalog, long directory, String name) throws IOException {
        return catalog.lookup(directory, EntryName.of(name)).orElseThrow().id();
    }

    /** Also for each second of processor time, of all threads: what remains comparable on a busy machine. */
    private static void rate(String what, long count, Start start) {
        print(what + ", thousand/s", count / ((System.nanoTime() - start.nanos) / 1e6));
        print("  thousand for each CPU second", count / ((cpuNanos() - start.cpuNanos) / 1e6));
    }

    private record Start(long nanos, long cpuNanos) {
        static Start now() {
            return new Start(System.nanoTime(), Main.cpuNanos());
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static void print(String what, double value) {
        System.out.printf(Locale.ROOT, "%-45s %10.1f%n", what, value);
    }
}
