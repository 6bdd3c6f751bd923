package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    @Test
    void a_descriptor_that_is_no_pipe_is_refused_and_left_as_it_is() throws Exception {
        Path third = Path.of("/proc/self/fd/3").toRealPath();
        long length = Files.size(third);

        assertThatThrownBy(() -> Announcements.open(Map.of("HEADRACE_BACKGROUND", "1")))
                .hasMessageContaining("no pipe to a launcher");

        assertThat(Files.size(third)).isPositive().isEqualTo(length);
    }
}
