package io.headrace.store.map;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A table for a tier that is gone when its process is. */
public final class HeapTable implements OrderedTable {
    private final ConcurrentSkipListMap<byte[], byte[]> entries = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    @Override
    public Optional<byte[]> get(byte[] key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key.clone(), value.clone());
    }

    @Override
    public void delete(byte[] key) {
        entries.remove(key);
    }

    @Override
    public void apply(List<Change> changes) {
        for (Change change : changes) {
            change.value().ifPresentOrElse(value -> put(change.key(), value), () -> delete(change.key()));
        }
    }

    @Override
    public void deletePrefix(byte[] prefix) {
        entries.tailMap(prefix, true).keySet().removeIf(key -> startsWith(key, prefix));
    }

    @Override
    public void scan(byte[] prefix, Visitor visitor) throws IOException {
        for (Map.Entry<byte[], byte[]> entry : entries.tailMap(prefix, true).entrySet()) {
            if (!startsWith(entry.getKey(), prefix)) {
                return;
            }
            visitor.visit(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public void close() {
        entries.clear();
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
