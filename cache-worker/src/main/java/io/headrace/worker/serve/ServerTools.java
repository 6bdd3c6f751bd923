package io.headrace.worker.serve;

/** What the connections of a server share. */
record ServerTools(
        ConnectionTable table,
        StoreReads reads,
        Authorizer authorizer,
        BlockServerSettings settings,
        ServeMeters meters) {}
