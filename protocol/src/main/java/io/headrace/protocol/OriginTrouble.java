package io.headrace.protocol;

import java.time.Instant;

/**
 * An origin that failed to do what it was asked.
 *
 * @param message what failed, and what to do
 * @param at when it failed last
 * @param silent whether it did not answer, so that any later answer shows that it is over; else it answered, and refuses
 */
public record OriginTrouble(String message, Instant at, boolean silent) {
    public static OriginTrouble of(Exception failure, Instant at) {
        return new OriginTrouble(
                String.valueOf(failure.getMessage()), at, !(failure instanceof OriginException.Refused));
    }
}
