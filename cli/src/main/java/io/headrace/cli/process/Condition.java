package io.headrace.cli.process;

/** How far a process is. It is alive in all of these. */
public enum Condition {
    /** Opens what it needs; not to be asked yet. */
    STARTING,
    /** Answers. */
    READY,
    /** Was told to end: finishes what it has begun, and takes nothing new. */
    STOPPING
}
