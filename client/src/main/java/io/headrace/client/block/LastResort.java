package io.headrace.client.block;

import io.headrace.protocol.RangeSource;
import java.util.Optional;

/**
 * What is left when no worker gives the bytes.
 *
 * @param origin asked then; empty where the process may not ask it
 * @param advice ends the message of a read that nobody answered
 */
record LastResort(Optional<RangeSource> origin, String advice) {
    private static final String ADVICE = "try again, or look at the workers";

    LastResort(Optional<RangeSource> origin) {
        this(origin, ADVICE);
    }
}
