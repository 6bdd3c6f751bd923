package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace;
import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which origins are where. The catalog's files remember, by number, which origin was at which path, so that a mount finds
 * its names again; a path that now shows another origin gets a new number, and the rows of the old one are dead. Thread-safe.
 */
final class Mounts {
    /** Text: the path, a NUL, and the mount id, for each number from 1 on, with line ends between. */
    private static final String KNOWN = "mounts";
    /** Present while nobody has the catalog open, after an end in good order. */
    private static final String CLEAN = "clean";

    private final CatalogTables tables;
    private final MeterRegistry meters;
    private final Map<Integer, CatalogMount> mounted = new ConcurrentHashMap<>();
    private final Set<Long> aboveMounts = ConcurrentHashMap.newKeySet();
    private final List<String> known = new ArrayList<>();
    private final Set<Integer> dead = ConcurrentHashMap.newKeySet();
    private @Nullable CatalogParts parts;

    Mounts(CatalogTables tables, MeterRegistry meters) {
        this.tables = tables;
        this.meters = meters;
    }

    void join(CatalogParts shared) throws IOException {
        parts = shared;
        Optional<byte[]> text = tables.fact(KNOWN);
        if (text.isPresent()) {
            known.addAll(List.of(new String(text.get(), StandardCharsets.UTF_8).split("\n", -1)));
        }
        Map<String, Integer> newest = new LinkedHashMap<>();
        for (int number = 1; number <= known.size(); number++) {
            Integer older = newest.put(pathOf(known.get(number - 1)), number);
            if (older != null) {
                dead.add(older);
            }
            shared.names().restoreTotals(number);
        }
        if (!known.isEmpty() && tables.fact(CLEAN).isEmpty()) {
            shared.names().recount();
        }
        tables.deleteFactSynced(CLEAN);
    }

    /** Whether an earlier process had mounts. */
    boolean wasUsedBefore() throws IOException {
        return tables.fact(KNOWN).isPresent();
    }

    /** For the end: the counts are right as they are stored. */
    void markClean() throws IOException {
        tables.putFactSynced(CLEAN, new byte[0]);
    }

    synchronized CatalogMount mount(String path, UnderStore store, MountSettings settings) throws IOException {
        CatalogParts shared = Objects.requireNonNull(parts);
        List<EntryName> steps = steps(path);
        if (mounted.values().stream().anyMatch(other -> other.point().path().equals(path))) {
            throw new IllegalArgumentException(
                    path.isEmpty()
                            ? "an origin is mounted at the root already"
                            : "an origin is mounted at " + path + " already");
        }
        int number = number(path, store.mountId());
        long directoryId = shared.names().edit(edit -> pin(edit, steps, number));
        shared.directories().forgetAll();
        MountPoint point = new MountPoint(path, directoryId, store.mountId());
        Origin origin = new Origin(store, shared.background(), meters);
        CatalogMount mount = new CatalogMount(number, point, settings, origin, shared);
        mounted.put(number, mount);
        if (steps.isEmpty()) {
            shared.directories().rootBelongsTo(Optional.of(mount));
        }
        shared.directories().forgetAll();
        return mount;
    }

    synchronized void unmount(CatalogMount mount) {
        if (mounted.remove(mount.number(), mount)) {
            Directories directories = Objects.requireNonNull(parts).directories();
            if (mount.point().path().isEmpty()) {
                directories.rootBelongsTo(Optional.empty());
            }
            directories.forgetAll();
        }
    }

    Optional<CatalogMount> mounted(int number) {
        return Optional.ofNullable(mounted.get(number));
    }

    List<CatalogMount> all() {
        return List.copyOf(mounted.values());
    }

    /** Numbers of mounts whose path shows another origin now; as it is at any time. */
    Set<Integer> dead() {
        return Collections.unmodifiableSet(dead);
    }

    boolean isVisible(Row row) {
        return row.mount() == Row.NO_MOUNT ? aboveMounts.contains(row.id()) : mounted.containsKey(row.mount());
    }

    private int number(String path, MountId origin) throws IOException {
        String wanted = path + '\0' + origin;
        for (int number = known.size(); number >= 1; number--) {
            String found = known.get(number - 1);
            if (pathOf(found).equals(path)) {
                if (found.equals(wanted) && !dead.contains(number)) {
                    return number;
                }
                dead.add(number);
            }
        }
        known.add(wanted);
        tables.putFactSynced(KNOWN, String.join("\n", known).getBytes(StandardCharsets.UTF_8));
        return known.size();
    }

    private static String pathOf(String knownMount) {
        return knownMount.substring(0, knownMount.indexOf('\0'));
    }

    /** Makes the mount's directory and those above it. */
    private long pin(Edit edit, List<EntryName> steps, int number) throws IOException {
        Directories directories = Objects.requireNonNull(parts).directories();
        Directory above = directories.find(Namespace.ROOT_ID).orElseThrow();
        for (int i = 0; i < steps.size(); i++) {
            EntryName name = steps.get(i);
            int owner = i == steps.size() - 1 ? number : Row.NO_MOUNT;
            edit.share(above);
            Optional<Row> before = edit.row(above, name);
            Row row;
            if (before.isPresent()
                    && before.get() instanceof DirectoryRow there
                    && there.pinned()
                    && (there.mount() == owner || owner == Row.NO_MOUNT)) {
                row = there;
            } else {
                row = edit.pin(above, name, owner, before);
            }
            if (row.mount() == Row.NO_MOUNT) {
                aboveMounts.add(row.id());
            }
            above = new Directory(row.id(), new RowPlace(above.id(), name), Optional.empty(), Bytes.EMPTY, true);
        }
        return above.id();
    }

    private static List<EntryName> steps(String path) {
        if (path.isEmpty()) {
            return List.of();
        }
        List<EntryName> steps = new ArrayList<>();
        for (String step : path.split("/", -1)) {
            steps.add(EntryName.of(step));
        }
        return steps;
    }
}
