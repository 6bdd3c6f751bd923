package io.headrace.worker.job;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The origins that tasks name, with the credentials of this worker's own environment: opened by the first task that needs one, shared
 * by all, and kept for the next, the last few used. Thread-safe.
 */
final class TaskOrigins implements AutoCloseable {
    private static final int MOST_IDLE = 4;

    @GuardedBy("this")
    private final Map<Place, Held> held = new LinkedHashMap<>();

    private record Place(String uri, Map<String, String> options) {}

    private static final class Held {
        private final UnderStore store;
        private int users;

        Held(UnderStore store) {
            this.store = store;
        }
    }

    /** Closing it gives the store back. */
    record Use(UnderStore store, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    synchronized Use use(String uri, Map<String, String> options) throws IOException {
        Place place = new Place(uri, Map.copyOf(options));
        Held found = held.remove(place);
        Held origin = found == null ? new Held(open(place)) : found;
        origin.users++;
        held.put(place, origin);
        return new Use(origin.store, () -> end(origin));
    }

    private static UnderStore open(Place place) throws IOException {
        try {
            return UnderStores.open(new URI(place.uri), UnderStoreOptions.parse(place.options));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, "this worker cannot open " + place.uri + ": " + e.getMessage(), e);
        }
    }

    private synchronized void end(Held origin) {
        origin.users--;
        while (held.values().stream().filter(each -> each.users == 0).count() > MOST_IDLE) {
            Optional<Map.Entry<Place, Held>> oldest = held.entrySet().stream()
                    .filter(each -> each.getValue().users == 0)
                    .findFirst();
            held.remove(oldest.orElseThrow().getKey());
            oldest.get().getValue().store.close();
        }
    }

    /** When no task uses any. */
    @Override
    public synchronized void close() {
        held.values().forEach(each -> each.store.close());
        held.clear();
    }
}
