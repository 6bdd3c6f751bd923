package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.master.catalog.MountStatus;
import io.headrace.master.catalog.UnreachableReport;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.OriginTrouble;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which of two troubles of an origin is shown. */
class OriginReportTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final OriginTrouble LISTING = new OriginTrouble("grant ListBucket", NOON, false);

    @Test
    void the_newer_trouble_is_shown() {
        OriginTrouble before = new OriginTrouble("down", NOON.minusSeconds(1), true);
        OriginTrouble after = new OriginTrouble("down", NOON.plusSeconds(1), true);

        assertThat(standing(Optional.empty(), Optional.of(LISTING), Optional.of(before)))
                .contains(LISTING);
        assertThat(standing(Optional.empty(), Optional.of(LISTING), Optional.of(after)))
                .contains(after);
    }

    @Test
    void reads_that_go_well_do_not_hide_that_the_listing_fails() {
        assertThat(standing(Optional.of(NOON.minusSeconds(60)), Optional.of(LISTING), Optional.empty()))
                .contains(LISTING);
    }

    @Test
    void an_origin_that_answers_a_listing_after_it_was_silent_to_a_read_is_back() {
        OriginTrouble silent = new OriginTrouble("down", NOON, true);

        assertThat(standing(Optional.of(NOON.plusSeconds(1)), Optional.empty(), Optional.of(silent)))
                .isEmpty();
        assertThat(standing(Optional.of(NOON.minusSeconds(1)), Optional.empty(), Optional.of(silent)))
                .contains(silent);
    }

    @Test
    void a_listing_does_not_end_what_an_origin_refuses_to_reads() {
        OriginTrouble refused = new OriginTrouble("grant GetObject", NOON, false);

        assertThat(standing(Optional.of(NOON.plusSeconds(1)), Optional.empty(), Optional.of(refused)))
                .contains(refused);
    }

    private static Optional<OriginTrouble> standing(
            Optional<Instant> answered, Optional<OriginTrouble> listing, Optional<OriginTrouble> reading) {
        return OriginReport.standing(
                new MountStatus(
                        URI.create("oss://models"),
                        "",
                        new NamespaceTotals(0, 0, 0),
                        answered,
                        answered,
                        listing,
                        new UnreachableReport(List.of(), 0)),
                reading);
    }
}
