package io.headrace.protocol.cluster;

/** What a worker may be asked for. */
public enum WorkerState {
    /** Owns blocks and serves them. */
    ACTIVE,
    /** Was not heard of lately: keeps what it owns, and readers who have another choice take it. */
    SUSPECT,
    /** About to leave: owns nothing any more, and serves what it still has to those who own it now. */
    DRAINING
}
