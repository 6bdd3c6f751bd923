package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginArgumentTest {
    @Test
    void one_origin_fills_the_mount_point_and_may_hold_equals_signs() {
        assertThat(OriginArgument.parse(List.of("s3://bucket/date=2026-01-01/part=3")))
                .containsExactly(new OriginArgument(URI.create("s3://bucket/date=2026-01-01/part=3"), ""));
    }

    @Test
    void several_origins_each_have_a_subdirectory_behind_the_last_equals_sign() {
        assertThat(OriginArgument.parse(List.of("s3://a/x=1=weights", "hdfs://h:8020/y=data/new")))
                .containsExactly(
                        new OriginArgument(URI.create("s3://a/x=1"), "weights"),
                        new OriginArgument(URI.create("hdfs://h:8020/y"), "data/new"));
    }

    @Test
    void several_origins_without_a_subdirectory_are_refused_by_name() {
        for (String nameless : List.of("s3://b/y", "s3://b/y=")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OriginArgument.parse(List.of("s3://a/x=weights", nameless)))
                    .withMessageContainingAll("URI=SUBDIRECTORY", "\"" + nameless + "\"");
        }
    }

    @Test
    void a_path_is_a_folder_of_this_machine() {
        assertThat(OriginArgument.parse(List.of("/data/my models")))
                .containsExactly(new OriginArgument(URI.create("file:///data/my%20models"), ""));
        assertThat(OriginArgument.parse(List.of("./models")).getFirst().uri())
                .isEqualTo(Path.of("models").toAbsolutePath().toUri());
    }

    @Test
    void what_is_no_uri_is_refused_and_says_how_to_write_spaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginArgument.parse(List.of("s3://bucket/my models")))
                .withMessageContainingAll("s3://bucket/my models", "%20");
    }
}
