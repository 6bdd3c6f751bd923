package io.headrace.protocol.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.v1.Failure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureCodecTest {
    private static OriginException acrossTheWire(OriginException trouble) {
        StatusRuntimeException failed = FailureCodec.toStatus(trouble);
        assertThat(failed.getStatus().getCode()).isNotEqualTo(Status.Code.NOT_FOUND);
        return FailureCodec.of(failed).flatMap(FailureCodec::originTrouble).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_keeps_its_reason(Refusal refusal) {
        assertThat(acrossTheWire(new OriginException.Refused(refusal, "no")))
                .hasMessage("no")
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    }

    @Test
    void an_origin_that_is_away_stays_retryable_with_its_pause() {
        assertThat(acrossTheWire(new OriginException.Unavailable("slow down", Optional.of(Duration.ofSeconds(3)))))
                .isInstanceOfSatisfying(
                        OriginException.Unavailable.class,
                        away -> assertThat(away.retryAfter()).contains(Duration.ofSeconds(3)));
        assertThat(acrossTheWire(new OriginException.Unavailable("away")))
                .isInstanceOfSatisfying(
                        OriginException.Unavailable.class,
                        away -> assertThat(away.retryAfter()).isEmpty());
    }

    @Test
    void objects_that_are_gone_or_replaced_keep_their_types() {
        assertThat(acrossTheWire(new OriginException.NotFound("gone"))).isInstanceOf(OriginException.NotFound.class);
        assertThat(acrossTheWire(new OriginException.VersionChanged("new")))
                .isInstanceOf(OriginException.VersionChanged.class);
    }

    @Test
    void a_long_message_is_cut_so_that_it_fits_into_the_trailers() {
        assertThat(acrossTheWire(new OriginException.NotFound("é".repeat(100_000)))
                        .getMessage())
                .startsWith("é")
                .hasSizeLessThan(1100);
    }

    @Test
    void a_failure_of_a_kind_that_is_not_known_here_is_no_origin_trouble() {
        Failure unknown = Failure.newBuilder().setKindValue(99).build();
        assertThat(FailureCodec.originTrouble(unknown)).isEmpty();
    }

    @Test
    void a_broken_connection_says_nothing_of_its_own() {
        assertThat(FailureCodec.of(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
    }
}
