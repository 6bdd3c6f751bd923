package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OwnCacheTest {
    private static final Path CACHES = Path.of("/home/ada/.cache/headrace");

    @Test
    void says_whose_it_is() {
        assertThat(OwnCache.of(CACHES, "s3://bucket/llama").toString())
                .matches("/home/ada/.cache/headrace/mounts/s3-bucket-llama-[0-9a-f]{16}");
        assertThat(OwnCache.of(CACHES, "[s3://a=x, s3://b=y]").getFileName().toString())
                .matches("s3-a-x-s3-b-y-[0-9a-f]{16}");
        assertThat(OwnCache.of(CACHES, "s3://" + "long/".repeat(100))
                        .getFileName()
                        .toString())
                .hasSizeLessThan(60);
    }

    @Test
    void is_the_same_for_the_same_origins_and_another_for_others() {
        Path own = OwnCache.of(CACHES, "file:///data/a-b");
        assertThat(OwnCache.of(CACHES, "file:///data/a-b/")).isEqualTo(own);
        assertThat(OwnCache.of(CACHES, "file:///data/a/b")).isNotEqualTo(own);
    }
}
