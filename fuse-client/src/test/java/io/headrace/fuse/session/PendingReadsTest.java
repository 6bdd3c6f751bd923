package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingReadsTest {
    private static String status(long pending, long shared, long caught) {
        return "Name:\tcat\nSigPnd:\t%016x\nShdPnd:\t%016x\nSigBlk:\t0000000000000000\nSigCgt:\t%016x\n"
                .formatted(pending, shared, caught);
    }

    private static long signal(int number) {
        return 1L << (number - 1);
    }

    @Test
    void a_killed_reader_breaks_off() {
        assertThat(PendingReads.isBreakingOff(status(signal(9), 0, 0))).isTrue();
        assertThat(PendingReads.isBreakingOff(status(0, signal(9), 0))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "14", "15"})
    void a_caught_signal_to_break_off_does(int number) {
        assertThat(PendingReads.isBreakingOff(status(0, signal(number), signal(number))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10", "17", "18", "20", "23", "27"})
    void a_signal_that_stops_profiles_or_tells_does_not(int number) {
        assertThat(PendingReads.isBreakingOff(status(signal(number), 0, signal(number))))
                .isFalse();
    }

    @Test
    void a_status_without_signals_goes_on() {
        assertThat(PendingReads.isBreakingOff("Name:\tcat\n")).isFalse();
        assertThat(PendingReads.isBreakingOff("")).isFalse();
    }
}
