package io.headrace.master.catalog;

import io.headrace.protocol.Namespace.NamespaceTotals;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * How a mount is doing.
 *
 * @param subdirectory where in the namespace; empty for the root
 * @param listedAt when the newest full listing that ended well was started; empty while the first one runs
 * @param trouble why the origin does not answer at present, in words
 */
public record MountStatus(
        URI location,
        String subdirectory,
        NamespaceTotals totals,
        Optional<Instant> listedAt,
        Optional<String> trouble,
        UnreachableReport unreachable) {}
