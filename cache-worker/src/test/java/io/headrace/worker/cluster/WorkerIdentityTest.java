package io.headrace.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerIdentityTest {
    @TempDir
    Path directory;

    @Test
    void a_worker_is_the_same_after_it_starts_again() throws IOException {
        WorkerIdentity made = open();
        assertThat(made.cluster()).isEmpty();
        assertThat(open().id()).isEqualTo(made.id());
    }

    @Test
    void two_directories_have_different_workers() throws IOException {
        assertThat(open().id())
                .isNotEqualTo(WorkerIdentity.open(directory.resolve("other")).id());
    }

    @Test
    void the_cluster_that_took_it_in_is_kept() throws IOException {
        WorkerIdentity made = open();
        made.belongTo("a-cluster");
        assertThat(open().cluster()).contains("a-cluster");
        assertThat(open().id()).isEqualTo(made.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "headrace-worker 1\n",
                "headrace-worker 1\nan id with blanks\n\n",
                "headrace-worker 2\nworker-1\n\n",
                "headrace-worker 1\nworker-1\n\nmore\n"
            })
    void what_is_no_identity_is_refused(String content) throws IOException {
        Files.writeString(directory.resolve("worker"), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("worker").toString())
                .hasMessageContaining("delete it");
    }

    private WorkerIdentity open() throws IOException {
        return WorkerIdentity.open(directory.resolve("worker"));
    }
}
