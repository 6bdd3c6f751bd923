package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headrace.protocol.ByteSize;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheArgumentTest {
    @Test
    void a_directory_alone() {
        assertThat(CacheArgument.parse("/ssd/cache"))
                .isEqualTo(new CacheArgument(Path.of("/ssd/cache"), Optional.empty()));
    }

    @Test
    void a_directory_and_its_size() {
        assertThat(CacheArgument.parse("/ssd/cache:500GiB"))
                .isEqualTo(new CacheArgument(Path.of("/ssd/cache"), Optional.of(ByteSize.ofGibibytes(500))));
        assertThat(CacheArgument.parse("cache:0").size()).contains(new ByteSize(0));
    }

    @Test
    void a_colon_within_the_path_is_the_paths() {
        assertThat(CacheArgument.parse("/ssd:1/cache"))
                .isEqualTo(new CacheArgument(Path.of("/ssd:1/cache"), Optional.empty()));
        assertThat(CacheArgument.parse("/ssd:1/cache:1GiB").directory()).isEqualTo(Path.of("/ssd:1/cache"));
    }

    @Test
    void a_size_that_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheArgument.parse("/ssd/cache:big"))
                .withMessageContaining("\"big\"");
    }
}
