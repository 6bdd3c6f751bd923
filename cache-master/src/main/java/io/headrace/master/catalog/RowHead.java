package io.headrace.master.catalog;

/** What a row starts with: enough to know whether a sweep has to look at the rest. */
record RowHead(long id, int mount, boolean directory, boolean listed, boolean pinned) {}
