package io.headrace.store;

/** What a data set keeps in one tier. */
public record DataSetUsage(long bytes, long objects) {}
