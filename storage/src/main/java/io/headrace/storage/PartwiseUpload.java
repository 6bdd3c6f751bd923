package io.headrace.storage;

import io.headrace.protocol.ObjectKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upload of one process, by a {@link SharedUpload} of its store; an empty object is {@link UnderStore#put put}. */
public final class PartwiseUpload implements ObjectUpload {
    private static final Logger log = LoggerFactory.getLogger(PartwiseUpload.class);

    private final UnderStore store;
    private final ObjectKey key;
    private final long minimumPartBytes;
    /** Guards the fields below. */
    private final Object lock = new Object();

    private final TreeMap<Integer, String> parts = new TreeMap<>();
    private Optional<SharedUpload> begun;

    private PartwiseUpload(UnderStore store, ObjectKey key, long minimumPartBytes, Optional<SharedUpload> begun) {
        this.store = store;
        this.key = key;
        this.minimumPartBytes = minimumPartBytes;
        this.begun = begun;
    }

    /** Begins with the first part. The store puts an empty object without an upload. */
    public static PartwiseUpload lazy(UnderStore store, ObjectKey key, long minimumPartBytes) {
        return new PartwiseUpload(store, key, minimumPartBytes, Optional.empty());
    }

    /** Begins at once, so that a refusal shows before the first part. */
    public static PartwiseUpload eager(UnderStore store, ObjectKey key, long minimumPartBytes) throws IOException {
        return new PartwiseUpload(store, key, minimumPartBytes, Optional.of(store.begin(key, minimumPartBytes)));
    }

    @Override
    public void writePart(int number, ByteBuffer part) throws IOException {
        String said = begin().writePart(number, part);
        synchronized (lock) {
            parts.put(number, said);
        }
    }

    private SharedUpload begin() throws IOException {
        synchronized (lock) {
            if (begun.isEmpty()) {
                begun = Optional.of(store.begin(key, minimumPartBytes));
            }
            return begun.get();
        }
    }

    @Override
    public long minimumPartBytes() {
        return minimumPartBytes;
    }

    @Override
    public ObjectStatus complete() throws IOException {
        synchronized (lock) {
            if (parts.isEmpty()) {
                return store.put(key, ByteBuffer.allocate(0));
            }
            if (parts.firstKey() != 1 || parts.lastKey() != parts.size()) {
                throw new IllegalStateException("parts are missing: there are only " + parts.keySet());
            }
            ObjectStatus status = begin().complete(List.copyOf(parts.values()));
            begun = Optional.empty();
            return status;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (begun.isPresent()) {
                SharedUpload unfinished = begun.get();
                begun = Optional.empty();
                try {
                    unfinished.abort();
                } catch (IOException e) {
                    log.warn(
                            "{}: the upload could not be aborted; what was written takes space until the origin's own rules"
                                    + " or somebody removes it",
                            e.getMessage());
                }
            }
        }
    }
}
