package io.headrace.protocol;

/** Why bytes are fetched, in falling urgency; every fetched byte is counted under one of these. */
public enum FetchReason {
    /** A reader waits for them. */
    DEMAND,
    /** A reader is expected to ask for them soon. */
    READ_AHEAD,
    /** Somebody asked for them to be cached: {@code headrace load}. */
    LOAD,
    /** A cached copy was found damaged. */
    REPAIR
}
