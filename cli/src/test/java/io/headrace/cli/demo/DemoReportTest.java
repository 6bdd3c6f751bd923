package io.headrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static final DemoReport REPORT = new DemoReport(
            "1 GB & more",
            List.of(
                    new Start("direct", 1_000_000_000, 8, 1_000_000_000, 0),
                    new Start("second", 1_000_000_000, 0.5, 0, 0)));

    @Test
    void rates_and_times_are_told_beside_what_left_the_origin() {
        assertThat(REPORT.asText().lines().map(String::strip))
                .contains("direct                      8.00       125.0      1.0x     1000.0 MB            0")
                .contains("second                      0.50      2000.0     16.0x        0.0 MB            0");
    }

    @Test
    void bars_are_as_long_as_the_starts_took() {
        assertThat(REPORT.asText())
                .contains("direct                 " + "█".repeat(48) + " 8.00 s")
                .contains("second                 " + "█".repeat(3) + " 0.50 s");
    }

    @Test
    void the_picture_is_well_formed_and_names_each_start() {
        assertThat(REPORT.asSvg())
                .startsWith("<svg ")
                .endsWith("</svg>\n")
                .contains("1 GB &amp; more", ">direct<", ">second<", "16.0 times as fast");
    }
}
