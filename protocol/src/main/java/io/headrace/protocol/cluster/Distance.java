package io.headrace.protocol.cluster;

/** How far one process is from another, the nearest first. */
public enum Distance {
    SAME_HOST,
    SAME_ZONE,
    SAME_REGION,
    FAR
}
