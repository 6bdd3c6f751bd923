package io.headrace.store.flight;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.UrgentChannel;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way of a block from its source. Many may board it; each is served as soon as its own bytes have arrived.
 *
 * <p>The fetch thread says how far it is with one volatile write for each chunk, and takes the lock only when somebody
 * waits for what has arrived by then: {@code arrivedBytes} is written before {@code nextNeed} is read there, and
 * {@code nextNeed} is written before {@code arrivedBytes} is read when boarding, so one of the two sees the other.
 *
 * <p>No passenger is called with the lock held.
 */
public final class Flight {
    private static final Logger log = LoggerFactory.getLogger(Flight.class);
    private static final int NOBODY_WAITS = Integer.MAX_VALUE;

    private final FlightPlan plan;
    private volatile int arrivedBytes;
    private volatile int nextNeed = NOBODY_WAITS;

    // Guarded by this.
    private final List<Passenger> passengers = new ArrayList<>();
    private @Nullable FlightBuffer buffer;
    private @Nullable UrgentChannel channel;
    private FetchReason urgency;
    private boolean started;
    private boolean ended;

    Flight(FlightPlan plan, FetchReason urgency) {
        this.plan = plan;
        this.urgency = urgency;
    }

    FlightPlan plan() {
        return plan;
    }

    /**
     * Lets the passenger wait for this flight, unless its bytes have arrived: then it is served at once.
     *
     * @return false when the flight has ended; the passenger was not told anything
     */
    public boolean board(Passenger passenger) {
        FlightBuffer held;
        synchronized (this) {
            if (ended) {
                return false;
            }
            int need = passenger.neededBytes();
            nextNeed = Math.min(nextNeed, need);
            if (buffer == null || arrivedBytes < need) {
                passengers.add(passenger);
                return true;
            }
            held = buffer.retain();
        }
        serve(passenger, held);
        return true;
    }

    /** The most urgent reason of all who asked. */
    synchronized FetchReason urgency() {
        return urgency;
    }

    /** What its bytes are counted under. */
    FetchReason reason() {
        return plan.isRepair() ? FetchReason.REPAIR : urgency();
    }

    /** @return whether the flight is still waiting for a thread and became more urgent */
    boolean urge(FetchReason wanted) {
        UrgentChannel flown;
        boolean waits;
        synchronized (this) {
            if (ended || wanted.compareTo(urgency) >= 0) {
                return false;
            }
            urgency = wanted;
            flown = channel;
            waits = !started;
        }
        if (flown != null) {
            flown.urge(wanted);
        }
        return waits;
    }

    /** Its bytes come from here from now on; who was urgent meanwhile is so there too. */
    void comesFrom(ReadableByteChannel source) {
        if (source instanceof UrgentChannel urgent) {
            FetchReason wanted;
            synchronized (this) {
                channel = urgent;
                wanted = urgency;
            }
            urgent.urge(wanted);
        }
    }

    /** All bytes have come. */
    synchronized void hasCome() {
        channel = null;
    }

    /** @return true for the one thread that may fly it */
    synchronized boolean start() {
        if (started || ended) {
            return false;
        }
        started = true;
        return true;
    }

    synchronized void boardWith(FlightBuffer lent) {
        buffer = lent;
    }

    /** The block's first {@code bytes} are in the buffer. */
    void arrived(int bytes) {
        arrivedBytes = bytes;
        if (nextNeed <= bytes) {
            serveArrived();
        }
    }

    /** All bytes are in the buffer and keeping them was tried. */
    void land(boolean kept) {
        FlightBuffer landed;
        List<Passenger> rest;
        synchronized (this) {
            rest = end();
            landed = buffer;
            buffer = null;
        }
        plan.ended(this);
        if (landed != null) {
            rest.forEach(passenger -> tell(() -> passenger.landed(landed, kept)));
            landed.release();
        }
    }

    void fail(IOException failure) {
        FlightBuffer unused;
        List<Passenger> rest;
        synchronized (this) {
            rest = end();
            unused = buffer;
            buffer = null;
        }
        plan.ended(this);
        rest.forEach(passenger -> tell(() -> passenger.failed(failure)));
        if (unused != null) {
            unused.release();
        }
    }

    private List<Passenger> end() {
        ended = true;
        List<Passenger> rest = List.copyOf(passengers);
        passengers.clear();
        return rest;
    }

    private void serveArrived() {
        List<Passenger> ready = new ArrayList<>();
        FlightBuffer held;
        synchronized (this) {
            if (buffer == null) {
                return;
            }
            held = buffer;
            int have = arrivedBytes;
            passengers.removeIf(passenger -> passenger.neededBytes() <= have && ready.add(passenger));
            nextNeed =
                    passengers.stream().mapToInt(Passenger::neededBytes).min().orElse(NOBODY_WAITS);
        }
        ready.forEach(passenger -> tell(() -> serve(passenger, held.retain())));
    }

    /** Gives the passenger its bytes; one that would rather wait for the landing is put back. Releases the buffer. */
    private void serve(Passenger passenger, FlightBuffer held) {
        boolean served = passenger.arrived(held);
        if (!served) {
            boolean waits;
            synchronized (this) {
                waits = !ended;
                if (waits) {
                    passengers.add(new UntilLanding(passenger));
                }
            }
            if (!waits) {
                passenger.landed(held, false);
            }
        }
        held.release();
    }

    /** One passenger's fault must not keep the others waiting. */
    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException fault) {
            log.error("a reader failed to take its bytes", fault);
        }
    }

    /** One that saw its bytes arrive and waits for the block to be kept. */
    private record UntilLanding(Passenger passenger) implements Passenger {
        @Override
        public int neededBytes() {
            return NOBODY_WAITS;
        }

        @Override
        public boolean arrived(FlightBuffer buffer) {
            return false;
        }

        @Override
        public void landed(FlightBuffer buffer, boolean kept) {
            passenger.landed(buffer, kept);
        }

        @Override
        public void failed(IOException failure) {
            passenger.failed(failure);
        }
    }
}
