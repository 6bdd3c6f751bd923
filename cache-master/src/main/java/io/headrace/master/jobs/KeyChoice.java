package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.MigrateSpec;
import java.util.List;

/**
 * Which keys a migrate is about.
 *
 * @param include one must match, unless there is none
 * @param exclude none may match
 */
record KeyChoice(List<Glob> include, List<Glob> exclude) {
    static KeyChoice of(MigrateSpec spec) {
        return new KeyChoice(
                spec.getIncludeList().stream().map(Glob::parse).toList(),
                spec.getExcludeList().stream().map(Glob::parse).toList());
    }

    boolean has(Bytes key) {
        return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(key)))
                && exclude.stream().noneMatch(glob -> glob.matches(key));
    }
}
