package io.headrace.master.serve;

import io.headrace.protocol.Entry;
import java.time.Duration;
import java.util.Optional;

/** For how long a client may believe an answer without asking again, beyond the staleness bound. Thread-safe. */
interface AnswerValidity {
    /** @param entry what was answered; empty for an absent name, and for a listing */
    Duration of(Optional<Entry> entry);
}
