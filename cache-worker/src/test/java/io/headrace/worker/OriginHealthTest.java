package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.OriginTrouble;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OriginHealthTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final VirtualClock clock = VirtualClock.standingStill();
    private final OriginHealth health = new OriginHealth(clock);

    @Test
    void first_requests_never_wait_while_the_origin_works() {
        for (int i = 0; i < 1000; i++) {
            assertThat(health.delayBeforeRequest(false)).isZero();
        }
    }

    @Test
    void retries_are_a_small_part_of_the_traffic() {
        int retries = 0;
        for (int i = 0; i < 1000; i++) {
            health.failed(down());
            health.answered();
            retries += health.delayBeforeRequest(true) == 0 ? 1 : 0;
        }
        assertThat(retries).isBetween(200, 200 + OriginHealth.BUDGET);
    }

    @Test
    void a_failing_origin_gets_one_probe_an_interval_until_it_answers() {
        for (int i = 0; i < OriginHealth.FAILURES_IN_A_ROW; i++) {
            health.failed(down());
        }
        assertThat(health.isFailing()).isTrue();
        int probes = 0;
        for (int seconds = 0; seconds < 100; seconds++) {
            clock.advance(Duration.ofSeconds(1));
            for (int request = 0; request < 50; request++) {
                if (health.delayBeforeRequest(false) == 0) {
                    probes++;
                    health.failed(down());
                }
            }
        }
        assertThat(probes).isBetween(10, 16);
        health.answered();
        assertThat(health.delayBeforeRequest(false)).isZero();
    }

    @Test
    void the_newest_failure_is_told_with_its_time_until_the_origin_answers() {
        assertThat(health.trouble(NOW)).isEmpty();
        health.failed(down());
        clock.advance(Duration.ofSeconds(7));
        assertThat(health.trouble(NOW)).contains(new OriginTrouble("down", NOW.minusSeconds(7), true));

        health.refused(new OriginException.Refused(Refusal.FORBIDDEN, "grant s3:GetObject"));
        assertThat(health.trouble(NOW)).contains(new OriginTrouble("grant s3:GetObject", NOW, false));
        assertThat(health.isFailing()).isFalse();

        health.answered();
        assertThat(health.trouble(NOW)).isEmpty();
    }

    private static OriginException.Unavailable down() {
        return new OriginException.Unavailable("down");
    }
}
