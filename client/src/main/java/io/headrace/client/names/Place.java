package io.headrace.client.names;

import io.headrace.protocol.EntryName;

/** A name in a directory. */
record Place(long directoryId, EntryName name) {}
