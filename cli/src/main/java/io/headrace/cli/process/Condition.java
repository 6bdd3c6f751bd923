package io.headrace.cli.process;

/** How far a process is. It is alive in all of these. */
public enum Condition {
    /** Opens what it needs; not to be asked yet. */
    STARTING,
    /** Waits until the process that does its work has ended; not to be asked. */
    STANDBY,
    /** Answers. */
    READY,
    /** Was told to end: finishes what it has begun, and takes nothing new. */
    STOPPING
}
