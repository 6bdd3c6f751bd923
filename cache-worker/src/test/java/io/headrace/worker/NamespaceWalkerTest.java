package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.worker.FileSelection.FileCursor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamespaceWalkerTest {
    private final FakeNamespace namespace = new FakeNamespace()
            .file("b.bin", 1)
            .file("a/2.bin", 1)
            .file("a/1.bin", 1)
            .file("a/deep/er/x.bin", 1)
            .file("c/y.bin", 1);

    @Test
    void meets_every_file_in_name_order() throws IOException {
        assertThat(walk("/")).containsExactly("a/1.bin", "a/2.bin", "a/deep/er/x.bin", "b.bin", "c/y.bin");
    }

    @Test
    void selects_directories_and_files_by_path() throws IOException {
        assertThat(walk("c", "/a/deep/", "b.bin")).containsExactly("c/y.bin", "a/deep/er/x.bin", "b.bin");
    }

    @Test
    void says_which_name_is_missing() {
        assertThatThrownBy(() -> walk("a/nothing/here"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("there is no a/nothing");
        assertThatThrownBy(() -> walk("a/../b.bin")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> walk("b.bin/x"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("b.bin is a file");
    }

    @Test
    void passes_over_a_directory_that_vanishes() throws IOException {
        namespace.forgetDirectory("a");
        assertThat(walk("")).containsExactly("b.bin", "c/y.bin");
    }

    @Test
    void keeps_one_cursor_a_level_open_and_closes_all() throws IOException {
        walk("");
        assertThat(namespace.mostOpenCursors).isEqualTo(4);
        assertThat(namespace.openCursors).isZero();
        try (FileCursor files = new NamespaceWalker(namespace, List.of("a/deep")).open()) {
            assertThat(files.next()).isPresent();
        }
        assertThat(namespace.openCursors).isZero();
    }

    private List<String> walk(String... paths) throws IOException {
        List<String> met = new ArrayList<>();
        try (FileCursor files = new NamespaceWalker(namespace, List.of(paths)).open()) {
            Optional<SelectedFile> file = files.next();
            while (file.isPresent()) {
                met.add(file.get().path());
                file = files.next();
            }
        }
        return met;
    }
}
