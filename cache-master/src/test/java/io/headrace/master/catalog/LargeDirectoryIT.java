package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One directory of a million names, asked for before anything else was listed. */
final class LargeDirectoryIT {
    private static final int NAMES = 1_000_000;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void a_directory_of_a_million_names_lists_each_once_in_order() throws IOException {
        FakeOrigin origin = new FakeOrigin("s3://large", 1000);
        for (int i = 0; i < NAMES; i++) {
            origin.put("d/" + (NAMES + i), 1);
        }
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            long d = open.find("d").orElseThrow().id();
            long listed = 0;
            try (DirectoryCursor cursor = open.catalog.openDirectory(d)) {
                for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                    assertThat(next.get().name().toString()).isEqualTo(String.valueOf(NAMES + listed));
                    listed++;
                }
            }
            assertThat(listed).isEqualTo(NAMES);
        }
    }
}
