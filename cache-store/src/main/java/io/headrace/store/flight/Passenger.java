package io.headrace.store.flight;

import java.io.IOException;

/**
 * One who waits for bytes of a block in flight. {@link #landed} or {@link #failed} is called once, unless
 * {@link #arrived} said true before. Called on fetch threads, or on the thread that boards; must not block for long.
 */
public interface Passenger {
    /** How many of the block's first bytes must be there; more than the block has means all of them, landed. */
    int neededBytes();

    /**
     * The needed bytes are in the buffer. True when that is enough and the passenger got off; it must then have retained
     * the buffer if it goes on using it. False to wait for the landing.
     */
    boolean arrived(FlightBuffer buffer);

    /**
     * All bytes are in the buffer, and kept in a tier unless {@code kept} is false. The buffer is valid during this call,
     * and after it if retained.
     */
    void landed(FlightBuffer buffer, boolean kept);

    void failed(IOException failure);
}
