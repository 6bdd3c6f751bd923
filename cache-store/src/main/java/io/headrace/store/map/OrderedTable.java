package io.headrace.store.map;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values of bytes, in unsigned order of the keys. Thread-safe. A put that returned survives a crash of the
 * process; of the machine, only if {@link #close} came first.
 */
public interface OrderedTable extends AutoCloseable {
    Optional<byte[]> get(byte[] key) throws IOException;

    void put(byte[] key, byte[] value) throws IOException;

    void delete(byte[] key) throws IOException;

    /** Makes all changes or, when the process dies, none. Readers of a table on the heap may see some before the others. */
    void apply(List<Change> changes) throws IOException;

    void deletePrefix(byte[] prefix) throws IOException;

    /** Visits a snapshot of all keys with the prefix, in order. */
    void scan(byte[] prefix, Visitor visitor) throws IOException;

    @Override
    void close() throws IOException;

    /** Takes one key and value, which it may keep. */
    @FunctionalInterface
    interface Visitor {
        void visit(byte[] key, byte[] value) throws IOException;
    }
}
