package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.store.flight.Flight;
import io.headrace.store.flight.FlightSeries;
import java.util.Optional;

/** The absent blocks of a range, in order, until nobody has the file open any more; a use of the file until then. */
final class AheadSeries implements FlightSeries {
    private final StoredFile file;
    private final FetchReason reason;
    private final int last;
    private int next;
    private boolean ended;

    /** Takes over one use of the file. */
    AheadSeries(StoredFile file, ByteRange range, FetchReason reason) {
        this.file = file;
        this.reason = reason;
        this.next = Blocks.indexAt(range.offset());
        this.last = Blocks.indexAt(range.end() - 1);
    }

    @Override
    public Optional<Flight> next() {
        while (!ended && next <= last && file.isOpen()) {
            Optional<Flight> flight = file.newFlight(next++, reason);
            if (flight.isPresent()) {
                return flight;
            }
        }
        end();
        return Optional.empty();
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            file.release();
        }
    }
}
