package io.headrace.cli.caches;

import io.headrace.cli.JsonText;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A cache directory as {@code headrace cache list} shows it.
 *
 * @param origins what was mounted from it last, as {@code mount} and {@code df} show it; empty when it does not say
 * @param bytes what it takes on its disk
 * @param lastUsed when it was last mounted or unmounted
 */
record KeptCache(Path directory, String origins, long bytes, Instant lastUsed, Optional<CacheUser> user) {
    String name() {
        return String.valueOf(directory.getFileName());
    }

    Path store() {
        return OwnCaches.store(directory);
    }

    String asJson() {
        return "{\"name\": %s, \"directory\": %s, \"origins\": %s, \"bytes\": %d, \"lastUsedUnixMillis\": %d, \"user\": %s}"
                .formatted(
                        JsonText.quoted(name()),
                        JsonText.quoted(directory.toString()),
                        JsonText.quoted(origins),
                        bytes,
                        lastUsed.toEpochMilli(),
                        user.map(KeptCache::asJson).orElse("null"));
    }

    private static String asJson(CacheUser user) {
        return "{\"pid\": %s, \"mountPoint\": %s}"
                .formatted(
                        user.pid(),
                        user.mountPoint()
                                .map(path -> JsonText.quoted(path.toString()))
                                .orElse("null"));
    }
}
