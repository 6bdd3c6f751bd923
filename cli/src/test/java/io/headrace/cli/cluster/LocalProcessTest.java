package io.headrace.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LocalProcessTest {
    private static final long PATIENCE_SECONDS = 45;

    private Process sleeping;

    @BeforeEach
    void start() throws IOException {
        sleeping = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void leaveNothing() {
        sleeping.destroyForcibly();
    }

    @Test
    void is_found_again_by_what_was_written_down() throws InterruptedException {
        LocalProcess process = LocalProcess.of("worker-1", sleeping.toHandle());
        LocalProcess found = LocalProcess.parse(process.line());
        assertThat(found).isEqualTo(process);
        assertThat(found.isRunning()).isTrue();
        assertThat(found.end(PATIENCE_SECONDS)).isTrue();
        assertThat(found.isRunning()).isFalse();
        assertThat(found.end(PATIENCE_SECONDS)).isTrue();
    }

    @Test
    void one_that_got_its_number_later_is_left_alone() throws InterruptedException {
        LocalProcess process = LocalProcess.of("worker-1", sleeping.toHandle());
        LocalProcess before = new LocalProcess(
                process.name(), process.pid(), process.started().minusSeconds(60));
        assertThat(before.isRunning()).isFalse();
        assertThat(before.end(PATIENCE_SECONDS)).isTrue();
        assertThat(sleeping.isAlive()).isTrue();
    }

    @Test
    void one_that_does_not_end_is_killed() throws Exception {
        Process stubborn =
                new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done").start();
        try {
            assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");
            LocalProcess process = LocalProcess.of("worker-1", stubborn.toHandle());
            assertThat(process.end(1)).isFalse();
            assertThat(process.isRunning()).isFalse();
        } finally {
            stubborn.destroyForcibly();
        }
    }

    @Test
    void other_lines_are_refused() {
        for (String line : List.of("", "worker-1", "worker-1 x 2026-01-01T00:00:00Z", "worker-1 1 2026")) {
            assertThatThrownBy(() -> LocalProcess.parse(line)).as(line).isInstanceOf(RuntimeException.class);
        }
    }
}
