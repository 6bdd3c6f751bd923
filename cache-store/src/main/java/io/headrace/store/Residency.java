package io.headrace.store;

import java.util.Map;

/**
 * What is kept of one version.
 *
 * @param bytes by tier; a block in two tiers counts in both
 * @param uniqueBytes each kept byte once
 * @param complete every byte of the file is kept
 */
public record Residency(Map<Tier, Long> bytes, long uniqueBytes, boolean complete, boolean pinned) {
    public Residency {
        bytes = Map.copyOf(bytes);
    }
}
