package io.headrace.store.flight;

import java.time.Duration;

/**
 * @param threads how many flights run at once
 * @param budgetBytes most bytes of buffers, held by flights and by readers that they serve
 * @param bufferPatience how long a flight waits for a buffer
 */
public record FlightSettings(int threads, long budgetBytes, Duration bufferPatience) {
    public FlightSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("store.fetch-threads must be at least 1, and is " + threads);
        }
        if (budgetBytes < 8 << 20) {
            throw new IllegalArgumentException(
                    "store.flight-budget must be at least 8MiB, and is " + budgetBytes + " bytes");
        }
    }
}
