package io.headrace.store;

import io.headrace.protocol.FileVersion;
import io.headrace.store.packed.PackedFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops small files that nobody has opened for the time to live, counted over restarts. */
final class PackedExpiry {
    private static final Logger log = LoggerFactory.getLogger(PackedExpiry.class);

    /** The rest goes in the next sweep. */
    private static final int MOST_AT_ONCE = 100_000;

    private final Duration timeToLive;
    private final StoreContext context;
    private final PackedFiles packed;
    private final Function<FileVersion, StoredFile> use;

    /** @param use gives a version's file with one more use */
    PackedExpiry(Duration timeToLive, StoreContext context, PackedFiles packed, Function<FileVersion, StoredFile> use) {
        this.timeToLive = timeToLive;
        this.context = context;
        this.packed = packed;
        this.use = use;
    }

    void sweep() {
        try {
            for (FileVersion version : expired()) {
                drop(version);
            }
        } catch (IOException e) {
            log.warn("could not drop small files, which nobody used for {}", timeToLive, e);
        }
    }

    private List<FileVersion> expired() throws IOException {
        long bound = context.wallMillis().getAsLong() - timeToLive.toMillis();
        List<FileVersion> expired = new ArrayList<>();
        packed.forEach((version, copy) -> {
            if (copy.usedMillis() < bound && expired.size() < MOST_AT_ONCE) {
                expired.add(version);
            }
        });
        return expired;
    }

    private void drop(FileVersion version) throws IOException {
        StoredFile file = use.apply(version);
        try {
            if (!file.isOpen() && !file.isPinned()) {
                file.evict();
            }
        } finally {
            file.release();
        }
    }
}
