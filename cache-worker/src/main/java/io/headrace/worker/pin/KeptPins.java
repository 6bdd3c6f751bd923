package io.headrace.worker.pin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FileVersion;
import io.headrace.store.BlockStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that a worker keeps from eviction. The master sweeps over all that is pinned, in numbered rounds; each names to a
 * worker the versions of which it owns blocks. When a round has seen every copy, versions that only earlier rounds named are
 * let go: they were unpinned, replaced or deleted, or belong to other workers now. Nothing is let go while a round fails.
 *
 * <p>The store remembers over a restart what is pinned, but not since when: then it counts as named by the last round that is
 * told first. Thread-safe.
 */
public final class KeptPins {
    private static final Logger LOG = LoggerFactory.getLogger(KeptPins.class);
    private static final long BEFORE_THE_START = 0;

    private final BlockStore store;

    @GuardedBy("this")
    private final Map<FileVersion, Long> rounds = new HashMap<>();

    @GuardedBy("this")
    private long healed = BEFORE_THE_START;

    private KeptPins(BlockStore store) {
        this.store = store;
    }

    /** Of a store that nobody else pins in. */
    public static KeptPins of(BlockStore store) {
        KeptPins pins = new KeptPins(store);
        pins.remember();
        return pins;
    }

    private synchronized void remember() {
        store.pinned().forEach(version -> rounds.put(version, BEFORE_THE_START));
    }

    /** A round names a version. */
    public synchronized void keep(FileVersion version, long round) throws IOException {
        if (!rounds.containsKey(version)) {
            store.pin(version);
        }
        rounds.merge(version, round, Long::max);
    }

    /** The last round that saw every copy; 0 when the master knows of none. */
    public synchronized void healed(long round) {
        if (round <= healed) {
            return;
        }
        if (healed == BEFORE_THE_START) {
            rounds.replaceAll((version, named) -> named == BEFORE_THE_START ? round : named);
        }
        healed = round;
        letGo();
    }

    @GuardedBy("this")
    private void letGo() {
        for (Iterator<Map.Entry<FileVersion, Long>> all = rounds.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<FileVersion, Long> each = all.next();
            if (each.getValue() < healed) {
                try {
                    store.unpin(each.getKey());
                    all.remove();
                } catch (IOException e) {
                    LOG.warn("{} stays pinned for now: {}", each.getKey(), e.toString());
                }
            }
        }
    }
}
