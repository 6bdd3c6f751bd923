package io.headrace.store;

/** Where blocks are kept, fastest first. */
public enum Tier {
    MEMORY,
    DISK
}
