package io.headrace.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MembershipFileTest {
    @TempDir
    Path directory;

    private final SavedState state = new SavedState(
            "a-cluster",
            new KnownViews(
                    new ClusterView(7, List.of(SimulatedCluster.worker(1), SimulatedCluster.worker(2))),
                    List.of(new ClusterView(3, List.of(SimulatedCluster.worker(1))))),
            Set.of(SimulatedCluster.id(2)));

    @Test
    void what_was_written_is_read() throws IOException {
        assertThat(file().read()).isEmpty();
        file().write(state);
        assertThat(file().read()).contains(state);
    }

    @Test
    void what_a_crash_left_half_written_is_not_looked_at() throws IOException {
        file().write(state);
        Files.writeString(directory.resolve("membership.new"), "headr");
        assertThat(file().read()).contains(state);
        file().write(state);
        assertThat(file().read()).contains(state);
    }

    @Test
    void each_flipped_bit_and_each_cut_is_refused() throws IOException {
        file().write(state);
        byte[] good = Files.readAllBytes(directory.resolve("membership"));
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << i % 8);
            assertRefused(bad);
            assertRefused(Arrays.copyOf(good, i));
        }
    }

    private void assertRefused(byte[] bad) throws IOException {
        Files.write(directory.resolve("membership"), bad);
        assertThatThrownBy(() -> file().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("membership").toString())
                .hasMessageContaining("backup");
    }

    private MembershipFile file() {
        return new MembershipFile(directory);
    }
}
