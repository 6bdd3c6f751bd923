package io.headrace.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upload of one process, by a {@link SharedUpload} that is begun with the first part: an empty object needs none. */
public final class PartwiseUpload implements ObjectUpload {
    private static final Logger log = LoggerFactory.getLogger(PartwiseUpload.class);

    private final Origin origin;
    private final long minimumPartBytes;
    /** Guards the fields below. */
    private final Object lock = new Object();

    private final TreeMap<Integer, String> parts = new TreeMap<>();
    private Optional<SharedUpload> begun;

    /** Where the object will be. */
    public interface Origin {
        SharedUpload begin() throws IOException;

        ObjectStatus putEmpty() throws IOException;
    }

    private PartwiseUpload(Origin origin, long minimumPartBytes, Optional<SharedUpload> begun) {
        this.origin = origin;
        this.minimumPartBytes = minimumPartBytes;
        this.begun = begun;
    }

    public static PartwiseUpload lazy(Origin origin, long minimumPartBytes) {
        return new PartwiseUpload(origin, minimumPartBytes, Optional.empty());
    }

    /** Begins at once, so that a refusal shows before the first part. */
    public static PartwiseUpload eager(Origin origin, long minimumPartBytes) throws IOException {
        return new PartwiseUpload(origin, minimumPartBytes, Optional.of(origin.begin()));
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
                begun = Optional.of(origin.begin());
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
                return origin.putEmpty();
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
