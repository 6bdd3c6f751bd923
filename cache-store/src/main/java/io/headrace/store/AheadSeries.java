package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.store.flight.Flight;
import io.headrace.store.flight.FlightSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The absent blocks of a range, in order, until nobody has the file open any more or it is evicted; a use of the file until
 * then.
 */
final class AheadSeries implements FlightSeries {
    private final StoredFile file;
    private final FetchReason reason;
    private final int last;
    private final int term;
    private int next;
    private boolean ended;

    /** Takes over one use of the file. */
    AheadSeries(StoredFile file, ByteRange range, FetchReason reason) {
        this.file = file;
        this.reason = reason;
        this.term = file.term();
        this.next = Blocks.indexAt(range.offset());
        this.last = Blocks.indexAt(range.end() - 1);
    }

    @Override
    public List<Flight> next(int most) {
        List<Flight> flights = new ArrayList<>(most);
        while (!ended && next <= last && flights.size() < most && file.isOpen() && file.term() == term) {
            Optional<Flight> flight = file.newFlight(next, reason, term);
            if (flight.isEmpty() && !flights.isEmpty()) {
                return flights;
            }
            next++;
            flight.ifPresent(flights::add);
        }
        if (flights.isEmpty()) {
            end();
        }
        return flights;
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            file.release();
        }
    }
}
