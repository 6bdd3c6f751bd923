package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An object store in memory, without directories, whose requests are counted and can fail or be interrupted half-way. */
final class FakeOrigin implements NamesOnly {
    interface PageHook {
        void beforePage(ListingRequest request) throws IOException;
    }

    private final URI location;
    private final int pageSize;
    private final NavigableMap<ObjectKey, ObjectStatus> objects = new TreeMap<>();
    final AtomicInteger lists = new AtomicInteger();
    final AtomicInteger heads = new AtomicInteger();
    private int versions;
    private Optional<OriginException> down = Optional.empty();
    private PageHook hook = request -> {};

    FakeOrigin(String location, int pageSize) {
        this.location = URI.create(location);
        this.pageSize = pageSize;
    }

    synchronized FakeOrigin put(String key, long lengthBytes) {
        return put(ObjectKey.of(key), lengthBytes);
    }

    synchronized FakeOrigin put(ObjectKey key, long lengthBytes) {
        EntityTag tag = new EntityTag("\"" + String.format("%032x", ++versions) + "\"");
        objects.put(key, new ObjectStatus(key, lengthBytes, Instant.ofEpochSecond(1_700_000_000L + versions), tag));
        return this;
    }

    synchronized void remove(String key) {
        objects.remove(ObjectKey.of(key));
    }

    synchronized Map<ObjectKey, ObjectStatus> content() {
        return new TreeMap<>(objects);
    }

    synchronized void fail(OriginException how) {
        down = Optional.of(how);
    }

    synchronized void recover() {
        down = Optional.empty();
    }

    synchronized void beforeEachPage(PageHook pageHook) {
        hook = pageHook;
    }

    int requests() {
        return lists.get() + heads.get();
    }

    @Override
    public URI location() {
        return location;
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, true, true, true, false);
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        lists.incrementAndGet();
        PageHook now;
        synchronized (this) {
            now = hook;
        }
        now.beforePage(request);
        return page(request);
    }

    private synchronized ListingPage page(ListingRequest request) throws IOException {
        requireUp();
        Bytes prefix = request.prefix().bytes();
        List<ObjectStatus> found = new ArrayList<>();
        List<ObjectKey> directories = new ArrayList<>();
        Bytes from = request.continuation().map(FakeOrigin::unhex).orElse(prefix);
        for (Map.Entry<ObjectKey, ObjectStatus> entry :
                objects.tailMap(new ObjectKey(from), true).entrySet()) {
            Bytes key = entry.getKey().bytes();
            if (!key.startsWith(prefix)) {
                break;
            }
            int slash = request.recursive() ? -1 : key.indexOf((byte) '/', prefix.length());
            ObjectKey directory = slash < 0 ? entry.getKey() : new ObjectKey(key.slice(0, slash + 1));
            if (slash >= 0 && !directories.isEmpty() && directories.getLast().equals(directory)) {
                continue;
            }
            if (found.size() + directories.size() == pageSize) {
                return new ListingPage(found, directories, Optional.of(hex(key)));
            }
            if (slash >= 0) {
                directories.add(directory);
            } else {
                found.add(entry.getValue());
            }
        }
        return new ListingPage(found, directories, Optional.empty());
    }

    @Override
    public synchronized Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        heads.incrementAndGet();
        requireUp();
        return Optional.ofNullable(objects.get(key));
    }

    private void requireUp() throws OriginException {
        if (down.isPresent()) {
            throw down.get();
        }
    }

    private static String hex(Bytes key) {
        return HexFormat.of().formatHex(key.toByteArray());
    }

    private static Bytes unhex(String continuation) {
        return Bytes.copyOf(HexFormat.of().parseHex(continuation));
    }
}
