package io.headrace.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultResultTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Fault FAULT = new Fault("kill worker", SECOND, SECOND, false, (_, _) -> {}, (_, _) -> {});

    private final Tally tally = new Tally();

    @Test
    void what_is_within_its_bounds_is_not_broken() {
        tally.read(10, SECOND);
        tally.replaced(SECOND);
        tally.age(SECOND.multipliedBy(3));
        assertThat(result().broken()).isEmpty();
    }

    @Test
    void a_load_that_read_nothing_proves_nothing() {
        assertThat(result().broken()).containsExactly("kill worker: nothing was read");
    }

    @Test
    void an_error_a_wrong_byte_a_stall_and_an_old_name_are_each_told() {
        tally.read(10, SECOND.plusMillis(1));
        tally.error("file-1.bin: Input/output error", SECOND);
        tally.wrong("file-2.bin: wrong at 7");
        tally.age(SECOND.multipliedBy(3).plusMillis(1));
        assertThat(result().broken())
                .containsExactly(
                        "kill worker: 1 wrong: file-1.bin: Input/output error",
                        "kill worker: 1 errors: file-1.bin: Input/output error",
                        "kill worker: a stall of 1001 ms, allowed 1000",
                        "kill worker: a version replaced 3001 ms before, allowed 3000");
    }

    private FaultResult result() {
        return tally.result(FAULT, 0, SECOND.multipliedBy(3), Duration.ZERO);
    }
}
