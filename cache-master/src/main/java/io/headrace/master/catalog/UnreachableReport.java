package io.headrace.master.catalog;

import java.util.List;

/**
 * @param named as many as the settings keep, in the order in which they were found
 * @param count all of them; what a listing met again is counted once as long as it is among the named
 */
public record UnreachableReport(List<UnreachableKey> named, long count) {
    public UnreachableReport {
        named = List.copyOf(named);
    }
}
