package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.EntryName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EntryCacheTest {
    private final EntryCache cache = new EntryCache();

    private static Entry entry(long id) {
        return new DirectoryEntry(id, EntryName.of("d" + id), Instant.EPOCH);
    }

    @Test
    void drops_one_and_clears_all() {
        for (long id = 1; id <= 3; id++) {
            cache.keep(entry(id));
        }
        cache.drop(2);
        assertThat(cache.find(2)).isEmpty();
        assertThat(cache.find(1)).contains(entry(1));
        cache.clear();
        assertThat(cache.find(1)).isEmpty();
        assertThat(cache.find(3)).isEmpty();
    }
}
