package io.headrace.store.flight;

import java.util.List;

/** Flights that are planned only when a thread is free for them. Called by one thread at a time. */
public interface FlightSeries {
    /** The next flights, of adjacent blocks in order, at most so many; none when there are no more. */
    List<Flight> next(int most);

    /** No more flights are wanted. */
    void end();
}
