package io.headrace.fuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.fuse.MountException;
import io.headrace.fuse.session.BackingLedger.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryStateTest {
    @TempDir
    Path directory;

    @Test
    void a_successor_finds_what_was_recorded_and_not_what_was_closed() throws Exception {
        Path file = directory.resolve("state");
        RecoveryState before = RecoveryState.create(file, 0xABCD_0000_1234L);
        assertThat(before.generation()).isZero();
        assertThat(before.record(new Row(5, 1, 1))).isTrue();
        assertThat(before.record(new Row(6, 2, 1))).isTrue();
        assertThat(before.record(new Row(5, 1, 2))).isTrue();
        assertThat(before.record(new Row(6, 2, 0))).isTrue();
        assertThat(before.record(new Row(7, 3, 1))).isTrue();
        // Not closed: the process died.
        try (RecoveryState after = RecoveryState.inherit(file)) {
            assertThat(after.features()).isEqualTo(0xABCD_0000_1234L);
            assertThat(after.generation()).isEqualTo(1);
            assertThat(after.rows()).containsExactlyInAnyOrder(new Row(5, 1, 2), new Row(7, 3, 1));
            assertThat(after.record(new Row(8, 4, 1))).isTrue();
            assertThat(after.record(new Row(5, 1, 0))).isTrue();
            assertThat(after.rows()).containsExactlyInAnyOrder(new Row(7, 3, 1), new Row(8, 4, 1));
        }
        before.close();
    }

    @Test
    void the_table_is_bounded_and_reuses_its_slots() throws Exception {
        try (RecoveryState state = RecoveryState.create(directory.resolve("state"), 0)) {
            int slots = 1 << 16;
            for (int i = 1; i <= slots; i++) {
                assertThat(state.record(new Row(i, i, 1))).isTrue();
            }
            assertThat(state.record(new Row(slots + 1, 1, 1))).isFalse();
            assertThat(state.record(new Row(1, 1, 0))).isTrue();
            assertThat(state.record(new Row(slots + 1, 1, 1))).isTrue();
            assertThat(state.rows()).hasSize(slots);
        }
    }

    @Test
    void what_is_no_state_is_refused() throws Exception {
        Path file = directory.resolve("state");
        assertRefused(file);
        Files.writeString(file, "something else");
        assertRefused(file);
        RecoveryState.create(file, 0).close();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertRefused(file);
        bytes[0]++;
        Files.write(file, bytes);
        assertRefused(file);
    }

    private static void assertRefused(Path file) {
        assertThatThrownBy(() -> RecoveryState.inherit(file))
                .isInstanceOf(MountException.class)
                .hasMessageContaining("mount again");
    }
}
