package io.headrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginCheckTest {
    @TempDir
    private Path folder;

    @Test
    void a_readable_origin_is_good_and_its_rate_is_told() throws IOException {
        Files.write(folder.resolve("model.bin"), new byte[100_000]);

        Finding finding = judge(folder);

        assertThat(finding.verdict()).isEqualTo(Verdict.GOOD);
        assertThat(finding.seen()).contains("one stream reads");
    }

    @Test
    void a_missing_origin_is_broken_in_its_own_words() {
        Finding finding = judge(folder.resolve("absent"));

        assertThat(finding.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding.fix()).contains("absent");
    }

    private static Finding judge(Path origin) {
        return new OriginCheck(() -> UnderStores.open(origin.toUri(), UnderStoreOptions.defaults()))
                .judge(FakeHost.good());
    }
}
