package io.headrace.client.names;

/**
 * How far an answer of the master may be believed.
 *
 * @param generation of the {@link Followed changes} that were heard since it was asked for
 * @param askedNanos when it was asked for
 * @param validNanos for how long it may be believed without asking again
 */
record Belief(long generation, long askedNanos, long validNanos) {
    Belief outdated() {
        return new Belief(generation, askedNanos, 0);
    }
}
