package io.headrace.store;

import java.util.List;

/** @param damagedBlocks indexes of blocks whose bytes did not match their CRC32C, now dropped */
public record CheckResult(long checkedBytes, List<Integer> damagedBlocks) {
    public CheckResult {
        damagedBlocks = List.copyOf(damagedBlocks);
    }
}
