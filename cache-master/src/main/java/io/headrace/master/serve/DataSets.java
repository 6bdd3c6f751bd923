package io.headrace.master.serve;

import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogMount;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.v1.Quota;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The origins of a catalog, as they come and go. What is mounted here is on disk before the caller hears of it, and is mounted
 * again by the next {@link #open}. Thread-safe; no origin is asked under the lock.
 */
public final class DataSets implements AutoCloseable {
    static final int MOST = 1024;

    private final Catalog catalog;
    private final Opener opener;
    private final DataSetFile file;
    private volatile Map<String, Mounted> mounted = Map.of();

    private DataSets(Catalog catalog, Opener opener, DataSetFile file) {
        this.catalog = catalog;
        this.opener = opener;
        this.file = file;
    }

    /** Makes the store of an origin, without asking it. */
    @FunctionalInterface
    public interface Opener {
        UnderStore open(URI location, UnderStoreOptions options) throws IOException;
    }

    record Mounted(DataSet dataSet, UnderStore store, CatalogMount mount) {}

    /**
     * Mounts what was mounted when the master ended. An origin that does not answer is mounted all the same: its old names
     * show.
     *
     * @param file beside the catalog; absent for a new master
     * @throws IOException when the file is damaged, or says of an origin what cannot be right
     */
    public static DataSets open(Path file, Catalog catalog, Opener opener) throws IOException {
        DataSets dataSets = new DataSets(catalog, opener, new DataSetFile(file));
        try {
            for (DataSet dataSet : dataSets.file.read()) {
                dataSets.show(dataSet, opener.open(dataSet.uri(), dataSet.options()));
            }
            return dataSets;
        } catch (IOException | RuntimeException e) {
            dataSets.close();
            throw e;
        }
    }

    /**
     * Asks the origin first, and meanwhile keeps nobody else waiting.
     *
     * @throws IllegalArgumentException when the path is taken or no path, or there are too many
     * @throws io.headrace.protocol.OriginException when the origin refuses or does not answer
     */
    Mounted mount(DataSet dataSet) throws IOException {
        requireRoom(dataSet.path());
        UnderStore store = opener.open(dataSet.uri(), dataSet.options());
        try {
            ListingPage _ = store.list(ListingRequest.children(ObjectKey.of("")));
            return add(dataSet, store);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private synchronized void requireRoom(String path) {
        if (mounted.containsKey(path)) {
            throw new IllegalArgumentException(
                    path.isEmpty()
                            ? "an origin is mounted at the root already"
                            : "an origin is mounted at " + path + " already");
        }
        if (mounted.size() >= MOST) {
            throw new IllegalArgumentException("a master mounts at most " + MOST + " origins; unmount one first");
        }
    }

    private synchronized Mounted add(DataSet dataSet, UnderStore store) throws IOException {
        // Another may have come while the origin was asked.
        requireRoom(dataSet.path());
        try {
            return persist(show(dataSet, store));
        } catch (IOException | RuntimeException e) {
            hide(dataSet.path());
            throw e;
        }
    }

    private Mounted persist(Mounted shown) throws IOException {
        file.write(dataSets());
        return shown;
    }

    private synchronized Mounted show(DataSet dataSet, UnderStore store) throws IOException {
        Mounted shown = new Mounted(dataSet, store, catalog.mount(dataSet.path(), store, dataSet.freshness()));
        Map<String, Mounted> changed = new LinkedHashMap<>(mounted);
        changed.put(dataSet.path(), shown);
        mounted = changed;
        return shown;
    }

    private synchronized Optional<Mounted> hide(String path) {
        Map<String, Mounted> changed = new LinkedHashMap<>(mounted);
        Optional<Mounted> hidden = Optional.ofNullable(changed.remove(path));
        mounted = changed;
        hidden.ifPresent(was -> was.mount().close());
        return hidden;
    }

    /** @throws NoSuchFileException when nothing is mounted there */
    synchronized void unmount(String path) throws IOException {
        require(path);
        file.write(dataSets().stream()
                .filter(dataSet -> !dataSet.path().equals(path))
                .toList());
        hide(path).ifPresent(was -> was.store().close());
    }

    /** @throws NoSuchFileException when nothing is mounted there */
    synchronized Mounted limit(String path, Quota quota) throws IOException {
        Mounted before = require(path);
        Mounted after = new Mounted(before.dataSet().withQuota(quota), before.store(), before.mount());
        List<DataSet> all = new ArrayList<>(dataSets());
        all.replaceAll(dataSet -> dataSet.path().equals(path) ? after.dataSet() : dataSet);
        file.write(all);
        Map<String, Mounted> changed = new LinkedHashMap<>(mounted);
        changed.put(path, after);
        mounted = changed;
        return after;
    }

    /** @throws NoSuchFileException when nothing is mounted there */
    MountId mountAt(String path) throws NoSuchFileException {
        return require(path).store().mountId();
    }

    /** The quotas of those that have one, in bytes, by path. */
    public Map<String, Long> quotas() {
        return dataSets().stream()
                .filter(dataSet -> dataSet.quotaBytes() > 0)
                .collect(Collectors.toUnmodifiableMap(DataSet::path, DataSet::quotaBytes));
    }

    List<Mounted> all() {
        return List.copyOf(mounted.values());
    }

    private List<DataSet> dataSets() {
        return mounted.values().stream().map(Mounted::dataSet).toList();
    }

    private Mounted require(String path) throws NoSuchFileException {
        Mounted found = mounted.get(path);
        if (found == null) {
            throw new NoSuchFileException(path, null, "no origin is mounted there; there are " + mounted.keySet());
        }
        return found;
    }

    /** Closes the stores; close the catalog first. */
    @Override
    public synchronized void close() {
        mounted.values().forEach(each -> each.store().close());
        mounted = Map.of();
    }
}
