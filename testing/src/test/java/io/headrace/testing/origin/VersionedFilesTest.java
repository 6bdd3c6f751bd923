package io.headrace.testing.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class VersionedFilesTest {
    private static final VersionedFiles FILES = new VersionedFiles(7, 3, 4096);

    private final MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);

    @Test
    void a_file_tells_its_version_and_the_rest_follows_from_it() {
        FILES.fill(bytes, 1, 5, 0);
        assertThat(VersionedFiles.version(bytes)).isEqualTo(5);
        assertThat(FILES.firstWrong(bytes.asSlice(8), 1, 5, 8)).isEmpty();
        assertThat(FILES.firstWrong(bytes.asSlice(8), 1, 6, 8)).hasValue(8);
        assertThat(FILES.firstWrong(bytes.asSlice(8), 2, 5, 8)).hasValue(8);
    }

    @Test
    void one_wrong_bit_is_found_where_it_is() {
        FILES.fill(bytes, 1, 5, 0);
        bytes.set(ValueLayout.JAVA_BYTE, 1234, (byte) (bytes.get(ValueLayout.JAVA_BYTE, 1234) ^ 1));
        assertThat(FILES.firstWrong(bytes.asSlice(8), 1, 5, 8)).hasValue(1234);
    }
}
