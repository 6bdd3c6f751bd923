package io.headrace.master.catalog;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** An origin as the catalog asks it: what may succeed later is asked again, a few times, with growing pauses. */
final class Origin {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    /** An origin that asks for more patience than this is one that does not answer now. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** For somebody who waits: about 0.6 s of pauses. */
    static final int DEMAND_ATTEMPTS = 3;
    /** For a full listing, which would lose its way: about 100 s of pauses. */
    static final int LISTING_ATTEMPTS = 10;

    private final UnderStore store;
    private final Background background;
    private final Counter lists;
    private final Counter heads;

    Origin(UnderStore store, Background background, MeterRegistry meters) {
        this.store = store;
        this.background = background;
        this.lists = meters.counter("headrace.catalog.origin.requests", "kind", "list");
        this.heads = meters.counter("headrace.catalog.origin.requests", "kind", "head");
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    UnderStore store() {
        return store;
    }

    boolean listsInKeyOrder() {
        return store.capabilities().listsInKeyOrder();
    }

    boolean hasDirectories() {
        return store.capabilities().hasDirectories();
    }

    ListingPage list(ListingRequest request, int attempts) throws IOException {
        return ask(attempts, () -> {
            lists.increment();
            return store.list(request);
        });
    }

    Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        return ask(DEMAND_ATTEMPTS, () -> {
            heads.increment();
            return store.head(key);
        });
    }

    private <T> T ask(int attempts, Question<T> question) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (OriginException.Unavailable e) {
                Duration pause = e.retryAfter().orElse(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
                boolean tooLong = pause.compareTo(LONGEST_PAUSE) > 0;
                if (attempt >= attempts || tooLong || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                pause(pause);
            }
        }
    }

    private void pause(Duration duration) throws InterruptedIOException {
        try {
            background.pause(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to ask " + store.location() + " again");
        }
    }
}
