package io.headrace.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VersionHistoryTest {
    @Test
    void the_history_knows_how_long_ago_a_version_was_replaced() {
        VersionHistory history = new VersionHistory();
        history.replacing(1);
        assertThat(history.exists(1, 1))
                .as("may be seen before the origin has answered")
                .isTrue();
        assertThat(history.age(1, 0, 500)).isZero();
        history.replaced(1, 1000);
        assertThat(history.age(1, 0, 4000)).isEqualTo(Duration.ofNanos(3000));
        assertThat(history.age(1, 1, 4000)).isZero();
        assertThat(history.exists(1, 2)).isFalse();
        assertThat(history.hasChangedSince(1, 1001)).isFalse();
        assertThat(history.hasChangedSince(1, 1000)).isTrue();
    }
}
