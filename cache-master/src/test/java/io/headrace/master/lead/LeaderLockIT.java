package io.headrace.master.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock is a process's, so another process has it here. */
@Timeout(90)
final class LeaderLockIT {
    private static final long PATIENCE_SECONDS = 45;

    @TempDir
    private Path directory;

    private Process child;

    @BeforeEach
    void leadElsewhere() throws IOException {
        child = new ProcessBuilder(ChildJvm.command(LeaderLockChild.class, directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("taken");
    }

    @AfterEach
    void end() throws InterruptedException {
        child.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void one_process_has_it_and_the_other_is_told_which() throws IOException {
        assertThat(LeaderLock.tryTake(directory, "a test")).isEmpty();
        assertThatThrownBy(() -> LeaderLock.take(directory, "a test"))
                .isInstanceOf(LedByAnotherException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("process " + child.pid() + " on host ")
                .hasMessageContaining("a child")
                .hasMessageContaining("--standby");
    }

    @Test
    void it_is_free_when_its_process_was_killed() throws Exception {
        child.destroyForcibly();
        awaitEnd();
        takeHere();
    }

    @Test
    void it_is_free_when_its_process_gave_it_back() throws Exception {
        child.getOutputStream().close();
        awaitEnd();
        takeHere();
    }

    private void takeHere() throws IOException {
        try (LeaderLock _ = LeaderLock.take(directory, "a test")) {
            assertThat(LeaderLock.tryTake(directory, "the same process")).isEmpty();
        }
        assertThat(Files.readString(directory.resolve(LeaderLock.FILE)))
                .contains("process " + ProcessHandle.current().pid())
                .endsWith("a test\n");
        LeaderLock.take(directory, "again").close();
    }

    @Test
    void a_process_that_is_stopped_keeps_it() throws Exception {
        signal("STOP");
        try {
            assertThat(LeaderLock.tryTake(directory, "a test")).isEmpty();
        } finally {
            signal("CONT");
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(child.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
