package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.fuse.mount.HostTuning;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Different files, all open at once. */
@Timeout(120)
class ManyOpenFilesIT {
    private static final int FILES = 2000;

    /** Longer than what counts as small, which is never passed through. */
    private static final long LENGTH = (1 << 20) + 8;

    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();

    @ParameterizedTest
    @EnumSource
    void thousands_are_read_and_given_back(ReadMode mode) throws Exception {
        List<InputStream> opened = new ArrayList<>();
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            for (int i = 0; i < FILES; i++) {
                FileEntry file = names.file(Namespace.ROOT_ID, "f" + i, LENGTH);
                mode.arrange(mounted.store.sparse(file, 0, 1 << 20));
                opened.add(Files.newInputStream(mounted.path("f" + i)));
            }
            int mayBeLent = Math.min(FILES, HostTuning.descriptorBudget());
            assertThat(mounted.store.lent).hasValue(mode == ReadMode.PASSED_THROUGH ? mayBeLent : 0);
            for (InputStream stream : opened) {
                assertThat(stream.readNBytes(8))
                        .isEqualTo(TemporaryStore.mark(0).array());
                stream.skipNBytes((1 << 20) - 8);
                assertThat(stream.readAllBytes())
                        .isEqualTo(TemporaryStore.mark(1 << 20).array());
                stream.close();
            }
            await().untilAsserted(() -> {
                assertThat(mounted.store.lent).hasValue(0);
                assertThat(mounted.store.opens).hasValue(0);
            });
        }
    }

    @Test
    void more_than_the_setting_allows_are_refused_until_others_are_closed() throws Exception {
        int most = 50;
        List<InputStream> opened = new ArrayList<>();
        try (Mounted mounted = new Mounted(scratch, names, Settings.servedAtMost(most))) {
            for (int i = 0; i <= most; i++) {
                mounted.store.complete(names.file(Namespace.ROOT_ID, "f" + i, 10));
            }
            Path oneMore = mounted.path("f" + most);
            for (int i = 0; i < most; i++) {
                opened.add(Files.newInputStream(mounted.path("f" + i)));
            }
            assertThatThrownBy(() -> Files.newInputStream(oneMore).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Too many open files");
            opened.getFirst().close();
            await().ignoreExceptions().until(() -> Files.readAllBytes(oneMore).length == 10);
            for (InputStream stream : opened) {
                stream.close();
            }
        }
    }
}
