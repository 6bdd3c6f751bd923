package io.headrace.store.flight;

import java.util.Optional;

/** Flights that are planned only when a thread is free for them. Called by one thread at a time. */
public interface FlightSeries {
    /** The next flight; empty when there are no more. */
    Optional<Flight> next();

    /** No more flights are wanted. */
    void end();
}
