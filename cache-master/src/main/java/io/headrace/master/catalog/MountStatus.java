package io.headrace.master.catalog;

import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.OriginTrouble;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * How a mount is doing.
 *
 * @param subdirectory where in the namespace; empty for the root
 * @param listedAt when the newest full listing that ended well was started; empty while the first one runs
 * @param answeredAt when the origin last answered a question of the catalog's since it was opened
 * @param trouble what the catalog's newest question failed with
 */
public record MountStatus(
        URI location,
        String subdirectory,
        NamespaceTotals totals,
        Optional<Instant> listedAt,
        Optional<Instant> answeredAt,
        Optional<OriginTrouble> trouble,
        UnreachableReport unreachable) {}
