package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One directory of a million names, asked for before anything else was listed. */
final class LargeDirectoryIT {
    private static final int NAMES = 1_000_000;
    private static final int PAGES_A_LOOK = 100;
    private static final int NAMES_A_LOOK = 100_000;

    /** Four bytes a name: no list of them would fit, whatever it held. */
    private static final long MOST_HEAP_BYTES = 4L * NAMES;

    @TempDir
    Path directory;

    private int pages;
    private long heapBefore;
    private long mostHeap;

    @BeforeEach
    void lookAtHeapBefore() {
        heapBefore = usedHeap();
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void a_directory_of_a_million_names_lists_each_once_in_order_and_on_a_bounded_heap() throws IOException {
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(new NumberedOrigin(NAMES, this::beforeEachPage));
            long d = open.find("d").orElseThrow().id();
            long listed = 0;
            try (DirectoryCursor cursor = open.catalog.openDirectory(d)) {
                for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                    assertThat(next.get().name().toString()).isEqualTo(String.valueOf(NAMES + listed));
                    listed++;
                    if (listed % NAMES_A_LOOK == 0) {
                        lookAtHeap();
                    }
                }
            }
            assertThat(listed).isEqualTo(NAMES);
            assertThat(pages).isGreaterThanOrEqualTo(NAMES / 1000);
            assertThat(mostHeap - heapBefore).as("bytes of heap").isLessThan(MOST_HEAP_BYTES);
        }
    }

    private void beforeEachPage() {
        pages++;
        if (pages % PAGES_A_LOOK == 0) {
            lookAtHeap();
        }
    }

    private void lookAtHeap() {
        mostHeap = Math.max(mostHeap, usedHeap());
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
