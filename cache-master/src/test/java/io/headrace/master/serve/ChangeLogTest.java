package io.headrace.master.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.NamespaceChange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChangeLogTest {
    private static final long HISTORY = 42;

    private final ChangeLog log = new ChangeLog(HISTORY, 4, ByteSize.parse("1MiB"));

    private static NamespaceChange change(int number) {
        EntryName name = EntryName.of("n" + number);
        return new NamespaceChange.Added(1, name, new DirectoryEntry(number + 2, name, Instant.EPOCH));
    }

    private static List<String> names(ChangeLog.Slice slice) {
        return slice.changes().stream()
                .map(change -> change.getName().toStringUtf8())
                .toList();
    }

    private void addUpTo(int last) {
        for (int i = 1; i <= last; i++) {
            log.add(change(i));
        }
    }

    @Test
    void who_begins_starts_over_and_goes_on_from_there() {
        addUpTo(2);
        ChangeLog.Slice first = log.read(0, 0);
        assertThat(first.startOver()).isTrue();
        assertThat(first.changes()).isEmpty();
        log.add(change(3));
        ChangeLog.Slice next = log.read(HISTORY, first.sequence());
        assertThat(next.startOver()).isFalse();
        assertThat(names(next)).containsExactly("n3");
        assertThat(log.read(HISTORY, next.sequence()).isNews()).isFalse();
    }

    @Test
    void who_is_as_far_behind_as_is_kept_misses_nothing() {
        addUpTo(6);
        assertThat(names(log.read(HISTORY, 2))).containsExactly("n3", "n4", "n5", "n6");
    }

    @Test
    void who_is_further_behind_starts_over() {
        addUpTo(6);
        assertThat(log.read(HISTORY, 1)).isEqualTo(new ChangeLog.Slice(6, true, List.of()));
    }

    @Test
    void a_position_of_another_run_or_from_the_future_starts_over() {
        addUpTo(2);
        assertThat(log.read(HISTORY + 1, 2).startOver()).isTrue();
        assertThat(log.read(HISTORY, 3).startOver()).isTrue();
        assertThat(log.read(HISTORY, -1).startOver()).isTrue();
    }

    @Test
    void starting_over_concerns_everybody_and_only_once() {
        addUpTo(3);
        log.startOver();
        ChangeLog.Slice told = log.read(HISTORY, 3);
        assertThat(told.startOver()).isTrue();
        assertThat(log.read(HISTORY, told.sequence()).isNews()).isFalse();
        log.add(change(9));
        assertThat(names(log.read(HISTORY, told.sequence()))).containsExactly("n9");
    }

    @Test
    void what_the_namespace_missed_everybody_missed() {
        addUpTo(1);
        log.add(new NamespaceChange.Missed());
        assertThat(log.read(HISTORY, 1).startOver()).isTrue();
    }

    @Test
    void changes_are_kept_by_their_size_too() {
        ChangeLog small = new ChangeLog(HISTORY, 1000, new ByteSize(100));
        for (int i = 1; i <= 100; i++) {
            small.add(change(i));
        }
        long kept = 0;
        while (!small.read(HISTORY, 99 - kept).startOver()) {
            kept++;
        }
        assertThat(kept).isBetween(1L, 10L);
    }

    @Test
    void a_change_larger_than_all_that_is_kept_is_told_as_missed() {
        ChangeLog tiny = new ChangeLog(HISTORY, 1000, new ByteSize(1));
        tiny.add(change(1));
        assertThat(tiny.read(HISTORY, 0).startOver()).isTrue();
        assertThat(tiny.read(HISTORY, 1).isNews()).isFalse();
    }
}
