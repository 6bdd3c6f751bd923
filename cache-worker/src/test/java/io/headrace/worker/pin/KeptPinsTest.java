package io.headrace.worker.pin;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.FileVersion;
import io.headrace.store.BlockStore;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptPinsTest {
    private static final FileVersion A = CountedOrigin.version("a", 100);
    private static final FileVersion B = CountedOrigin.version("b", 5 << 20);

    @TempDir
    Path directory;

    private TestWorker worker;
    private BlockStore store;
    private KeptPins pins;

    @BeforeEach
    void start() throws IOException {
        worker = TestWorker.start("w1", directory, new CountedOrigin());
        store = worker.store();
        pins = KeptPins.of(store);
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
    }

    @Test
    void what_a_round_names_is_kept_and_what_a_later_one_did_not_name_is_let_go_when_that_is_over() throws IOException {
        pins.keep(A, 10);
        pins.keep(B, 10);
        pins.healed(10);
        pins.keep(A, 20);
        assertThat(store.pinned()).containsExactlyInAnyOrder(A, B);
        pins.healed(20);
        assertThat(store.pinned()).containsExactly(A);
    }

    @Test
    void nothing_is_let_go_while_no_later_round_is_over() throws IOException {
        pins.keep(A, 10);
        pins.healed(10);
        pins.keep(B, 20);
        pins.healed(10);
        pins.healed(0);
        assertThat(store.pinned()).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void after_a_restart_what_was_pinned_is_held_until_a_round_is_over_that_began_after_it() throws IOException {
        pins.keep(A, 10);
        pins.keep(B, 10);
        pins.healed(10);

        KeptPins restarted = KeptPins.of(store);
        restarted.healed(10);
        restarted.keep(A, 20);
        assertThat(store.pinned()).containsExactlyInAnyOrder(A, B);
        restarted.healed(20);
        assertThat(store.pinned()).containsExactly(A);
    }

    @Test
    void a_round_that_was_over_before_the_worker_came_back_lets_nothing_go() throws IOException {
        pins.keep(A, 10);
        KeptPins restarted = KeptPins.of(store);
        restarted.healed(30);
        assertThat(store.pinned()).containsExactly(A);
    }

    @Test
    void a_round_that_is_named_out_of_order_takes_nothing_back() throws IOException {
        pins.keep(A, 20);
        pins.keep(A, 10);
        pins.healed(20);
        assertThat(store.pinned()).containsExactly(A);
    }
}
