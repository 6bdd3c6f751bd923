package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SentBackTest {
    private static final long WHILE = 1000;

    private final AtomicLong now = new AtomicLong(-500);
    private final SentBack sentBack = new SentBack(now::get, WHILE);

    @Test
    void a_file_is_sent_back_once_in_a_while() {
        assertThat(sentBack.begin(1)).isTrue();
        assertThat(sentBack.begin(1)).isFalse();
        assertThat(sentBack.begin(2)).isTrue();
        now.addAndGet(WHILE);
        assertThat(sentBack.begin(1)).isTrue();
    }

    @Test
    void a_refusal_in_any_case_counts_as_well() {
        sentBack.note(1);
        assertThat(sentBack.begin(1)).isFalse();
        now.addAndGet(WHILE);
        sentBack.sweep();
        assertThat(sentBack.begin(1)).isTrue();
    }

    @Test
    void a_sweep_forgets_nothing_too_early() {
        sentBack.note(1);
        now.addAndGet(WHILE - 1);
        sentBack.sweep();
        assertThat(sentBack.begin(1)).isFalse();
    }

    @Test
    void a_successor_sends_nothing_back_at_first() {
        sentBack.refrain();
        assertThat(sentBack.begin(1)).isFalse();
        now.addAndGet(WHILE);
        assertThat(sentBack.begin(1)).isTrue();
    }
}
