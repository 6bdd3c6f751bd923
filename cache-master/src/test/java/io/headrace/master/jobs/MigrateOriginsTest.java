package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.MigrateSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateOriginsTest {
    @TempDir
    private Path folder;

    @Test
    void places_apart_are_kept_as_the_stores_write_them() {
        MigrateSpec tidy = tidy("s3://bucket/a/", "s3://other/a");
        assertThat(tidy.getSource()).isEqualTo("s3://bucket/a");
        assertThat(tidy.getTarget()).isEqualTo("s3://other/a");
        assertThat(tidy("s3://bucket/ab", "s3://bucket/a").getSource()).isEqualTo("s3://bucket/ab");
    }

    @Test
    void a_copy_into_itself_is_refused() {
        assertRefused("s3://bucket/a", "s3://bucket/a/", "same place");
        assertRefused("s3://bucket/a", "s3://bucket/a/below", "same place");
        assertRefused("s3://bucket", "s3://bucket/a", "same place");
        assertRefused("s3://bucket/a/b", "s3://bucket/a", "same place");
    }

    @Test
    void a_folder_is_the_same_by_any_link_to_it() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertRefused(real.toUri().toString(), link.toUri().toString(), "same place");
    }

    @Test
    void what_cannot_be_written_or_opened_is_refused() {
        assertRefused("s3://bucket", "https://host/a", "read only");
        assertRefused("nfs://host/a", "s3://bucket", "nfs");
        assertRefused("s3://bucket/a b", "s3://other", "%20");
        assertRefused("s3://key:secret@bucket", "s3://other", "credentials");
    }

    @Test
    void options_of_what_is_copied_are_checked_before_it_begins() {
        assertThatThrownBy(() ->
                        MigrateOrigins.tidy(job(migrate("s3://a", "s3://b").setDeleteAll(true))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--delete");
        assertThatThrownBy(() ->
                        MigrateOrigins.tidy(job(migrate("s3://a", "s3://b").addInclude("[a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("glob");
    }

    private static void assertRefused(String source, String target, String why) {
        assertThatThrownBy(() -> tidy(source, target))
                .as("%s to %s", source, target)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("secret");
    }

    private static MigrateSpec tidy(String source, String target) {
        return MigrateOrigins.tidy(job(migrate(source, target))).getMigrate();
    }

    private static MigrateSpec.Builder migrate(String source, String target) {
        return MigrateSpec.newBuilder().setSource(source).setTarget(target);
    }

    private static JobSpec job(MigrateSpec.Builder migrate) {
        return JobSpec.newBuilder().setMigrate(migrate).build();
    }
}
