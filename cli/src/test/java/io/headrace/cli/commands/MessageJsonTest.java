package io.headrace.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.headrace.protocol.v1.CheckedFile;
import io.headrace.protocol.v1.FailedFile;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.ListedEntry;
import io.headrace.protocol.v1.LoadProgress;
import io.headrace.protocol.v1.MigrateSpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

/** The library's own parser must read back what is written. */
class MessageJsonTest {
    @Test
    void writes_every_field_and_counts_as_numbers() {
        assertThat(MessageJson.of(CheckedFile.newBuilder()
                        .setPath("a/b")
                        .setCheckedBytes(1L << 60)
                        .addDamagedBlocks(1)
                        .addDamagedBlocks(2)
                        .build()))
                .isEqualTo("{\"path\": \"a/b\", \"checkedBytes\": 1152921504606846976, \"damagedBlocks\": [1, 2],"
                        + " \"differingBlocks\": [], \"failure\": \"\"}");
    }

    @Test
    void writes_messages_within_messages_constants_and_fractions() throws InvalidProtocolBufferException {
        LoadProgress progress = LoadProgress.newBuilder()
                .setState(LoadProgress.State.STATE_INCOMPLETE)
                .setBytesPerSecond(1.25e9)
                .setRemainingMillis(-1)
                .addFailures(FailedFile.newBuilder().setPath("x").setReason("it \"failed\"\n"))
                .build();
        assertThat(parsedProgress(progress)).isEqualTo(progress);
    }

    @Test
    void writes_of_alternatives_the_one_that_is_set_and_maps_as_objects() throws InvalidProtocolBufferException {
        JobSpec spec = JobSpec.newBuilder()
                .setMigrate(MigrateSpec.newBuilder()
                        .setSource("s3://a")
                        .putSourceOptions("region", "x")
                        .putSourceOptions("endpoint", "http://h"))
                .build();
        String json = MessageJson.of(spec);
        assertThat(json).doesNotContain("load").contains("\"region\": \"x\"");
        JobSpec.Builder parsed = JobSpec.newBuilder();
        JsonFormat.parser().merge(json, parsed);
        assertThat(parsed.build()).isEqualTo(spec);
    }

    @Test
    void writes_rates_that_are_no_numbers_as_readers_expect_them() throws InvalidProtocolBufferException {
        for (double rate : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            LoadProgress progress =
                    LoadProgress.newBuilder().setBytesPerSecond(rate).build();
            assertThat(parsedProgress(progress)).isEqualTo(progress);
        }
    }

    @Property
    void any_name_survives(@ForAll @NotBlank String name) throws InvalidProtocolBufferException {
        String encodable = name.replaceAll("\\p{Cs}", "?");
        ListedEntry entry = ListedEntry.newBuilder().setPath(encodable).build();
        ListedEntry.Builder parsed = ListedEntry.newBuilder();
        JsonFormat.parser().merge(MessageJson.of(entry), parsed);
        assertThat(parsed.build()).isEqualTo(entry);
    }

    private static LoadProgress parsedProgress(LoadProgress progress) throws InvalidProtocolBufferException {
        LoadProgress.Builder parsed = LoadProgress.newBuilder();
        JsonFormat.parser().merge(MessageJson.of(progress), parsed);
        return parsed.build();
    }
}
