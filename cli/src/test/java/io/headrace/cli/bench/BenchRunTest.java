package io.headrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchRunTest {
    private static final int LARGE_BYTES = (5 << 20) + 4321;
    private static final int SMALL_BYTES = 30_000;
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.write(folder.resolve("large-1"), new byte[LARGE_BYTES]);
        Files.write(folder.resolve("large-2"), new byte[LARGE_BYTES]);
        Path nested = Files.createDirectory(folder.resolve("nested"));
        for (int i = 0; i < 10; i++) {
            Files.write(nested.resolve("small-" + i), new byte[SMALL_BYTES]);
        }
        Files.createFile(nested.resolve("empty"));
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, 1, 12",
        "SEQUENTIAL, 2, 12",
        "SEQUENTIAL, 5, 20",
        "MMAP, 1, 12",
        "MMAP, 5, 20",
    })
    void large_files_are_read_once_whole_whatever_the_number_of_threads(Pattern pattern, int threads, long reads)
            throws Exception {
        BenchResult result = run(pattern, new BenchPlan(threads, Long.MAX_VALUE, LONG, 1));

        assertThat(result.bytes()).isEqualTo(2L * LARGE_BYTES);
        assertThat(result.latencies().count()).isEqualTo(reads);
        assertThat(result.seconds()).isPositive();
    }

    @Test
    void small_files_are_read_once_each() throws Exception {
        BenchResult result = run(Pattern.SMALL, new BenchPlan(3, Long.MAX_VALUE, LONG, 1));

        assertThat(result.bytes()).isEqualTo(10L * SMALL_BYTES);
        assertThat(result.latencies().count()).isEqualTo(10);
    }

    @Test
    void random_reads_go_on_until_the_size_is_over() throws Exception {
        BenchResult result = run(Pattern.RANDOM, new BenchPlan(4, 64 << 20, LONG, 1));

        assertThat(result.bytes()).isBetween(64L << 20, (64L << 20) + 4 * 4096);
        assertThat(result.latencies().count()).isEqualTo(result.bytes() / 4096);
    }

    @Test
    void random_reads_end_when_the_time_is_over() throws Exception {
        BenchResult result = run(Pattern.RANDOM, new BenchPlan(2, Long.MAX_VALUE, Duration.ofMillis(50), 1));

        assertThat(result.seconds()).isGreaterThanOrEqualTo(0.05);
        assertThat(result.bytes()).isPositive();
    }

    @Test
    void a_read_that_fails_ends_the_run_and_names_the_file() throws Exception {
        BenchFiles files = BenchFiles.below(folder);
        Path gone = folder.resolve("large-2");
        Files.delete(gone);

        assertThatThrownBy(() -> run(Pattern.SEQUENTIAL, files, new BenchPlan(1, Long.MAX_VALUE, LONG, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(gone.toString());
    }

    @Test
    void a_pattern_without_files_is_refused_by_name() throws Exception {
        BenchFiles small = BenchFiles.below(folder.resolve("nested"));

        assertThatThrownBy(() -> run(Pattern.MMAP, small, new BenchPlan(1, Long.MAX_VALUE, LONG, 1)))
                .isInstanceOfSatisfying(
                        CommandException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("mmap");
    }

    @Test
    void the_report_compares_a_path_with_the_native_one() throws Exception {
        BenchPlan plan = new BenchPlan(1, Long.MAX_VALUE, LONG, 1);
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.write(other.resolve("large"), new byte[LARGE_BYTES]);
        BenchResult mine = run(Pattern.SEQUENTIAL, plan);
        BenchResult theirs = run(Pattern.SEQUENTIAL, BenchFiles.below(other), plan);
        BenchReport report = new BenchReport(plan, folder, List.of(mine, theirs));

        String ratio = String.format(Locale.ROOT, "%.2f", mine.bytesPerSecond() / theirs.bytesPerSecond());
        assertThat(report.asText()).contains(" " + ratio + "  " + folder);
        assertThat(report.asJson()).contains("\"pattern\": \"sequential\"", "\"bytes\": " + LARGE_BYTES);
    }

    private BenchResult run(Pattern pattern, BenchPlan plan) throws Exception {
        return run(pattern, BenchFiles.below(folder), plan);
    }

    private static BenchResult run(Pattern pattern, BenchFiles files, BenchPlan plan) throws Exception {
        return new BenchRun(pattern, files, plan, BenchProgress.onTerminal(plan)).run();
    }
}
