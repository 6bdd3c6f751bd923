package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.testing.faults.FaultPlan;
import io.headrace.testing.faults.FaultReport;
import io.headrace.testing.faults.FaultSuite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code benchmarks/faults}. How long a stall may be is its long form's matter, on a machine of its own. */
class FaultsE2E {
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void readers_of_a_cluster_meet_no_error_and_no_wrong_byte_while_its_parts_fail() throws Exception {
        FaultReport report = FaultSuite.run(new FaultPlan(
                Checkout.root(),
                Checkout.root().resolve("bin/headrace"),
                folder,
                20261125,
                3,
                List.of("kill worker", "cut client worker", "kill master", "flip bits"),
                Duration.ZERO,
                BUSY_MACHINE));
        assertThat(report.broken()).as(report.table()).isEmpty();
    }
}
