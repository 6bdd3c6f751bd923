package io.headrace.cli.control;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFolderTest {
    @TempDir
    Path scratch;

    @Test
    void a_folder_of_ones_own_is_taken() throws IOException {
        Path own = Files.createDirectory(scratch.resolve("own"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        assertThatCode(() -> Instance.requireOwn(own)).doesNotThrowAnyException();
    }

    @Test
    void a_folder_that_others_may_write_is_refused() throws IOException {
        Path open = Files.createDirectory(scratch.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> Instance.requireOwn(open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(open.toString())
                .hasMessageContaining("XDG_RUNTIME_DIR");
    }

    @Test
    void a_link_to_a_folder_is_refused() throws IOException {
        Path link = Files.createSymbolicLink(scratch.resolve("link"), scratch);
        assertThatThrownBy(() -> Instance.requireOwn(link)).isInstanceOf(IOException.class);
    }
}
