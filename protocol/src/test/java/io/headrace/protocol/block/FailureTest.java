package io.headrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void each_status_is_one_exception_and_back(Status status) {
        IOException exception = Failure.of(status, "the disk is full").asException("worker w1");
        assertThat(exception).hasMessage("worker w1: the disk is full");
        assertThat(Failure.of(exception).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void each_refusal_of_an_origin_stays_what_it_is(Refusal refusal) {
        IOException sent = new OriginException.Refused(refusal, "no");
        assertThat(Failure.of(sent).asException("w"))
                .isInstanceOfSatisfying(OriginException.Refused.class, received -> {
                    assertThat(received.refusal()).isEqualTo(refusal);
                });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void only_what_an_origin_said_is_an_origin_exception(Status status) {
        boolean ofOrigin = EnumSet.range(Status.ORIGIN_UNAVAILABLE, Status.ORIGIN_BAD_REQUEST)
                .contains(status);
        assertThat(Failure.of(status, "x").asException("w") instanceof OriginException)
                .isEqualTo(ofOrigin);
    }

    @Test
    void the_pause_that_an_origin_asks_for_is_kept() {
        Duration pause = Duration.ofSeconds(7);
        IOException sent = new OriginException.Unavailable("slow down", Optional.of(pause));
        assertThat(Failure.of(sent).asException("w"))
                .isInstanceOfSatisfying(
                        OriginException.Unavailable.class,
                        received -> assertThat(received.retryAfter()).isEqualTo(Optional.of(pause)));
    }
}
