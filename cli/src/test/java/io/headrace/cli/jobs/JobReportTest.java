package io.headrace.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.LoadSpec;
import io.headrace.protocol.v1.MigrateSpec;
import org.junit.jupiter.api.Test;

class JobReportTest {
    @Test
    void a_load_is_told_with_its_paths() {
        JobStatus load = JobStatus.newBuilder()
                .setId(3)
                .setState(State.STATE_RUNNING)
                .setCounting(true)
                .setSpec(JobSpec.newBuilder()
                        .setLoad(LoadSpec.newBuilder().addPaths("llama").addPaths("other")))
                .setFilesTotal(2)
                .build();
        assertThat(JobReport.line(load)).startsWith("job 3  running  llama other  0 of 2+ files");
    }

    @Test
    void a_migrate_is_told_with_both_places_and_what_it_left_and_deleted() {
        JobStatus migrate = JobStatus.newBuilder()
                .setId(4)
                .setState(State.STATE_INCOMPLETE)
                .setSpec(JobSpec.newBuilder()
                        .setMigrate(
                                MigrateSpec.newBuilder().setSource("oss://a").setTarget("s3://b")))
                .setFilesTotal(5)
                .setFilesDone(4)
                .setFilesUnchanged(3)
                .setFilesFailed(1)
                .setFilesToDelete(2)
                .setFilesDeleted(1)
                .build();
        assertThat(JobReport.line(migrate))
                .startsWith("job 4  incomplete  oss://a to s3://b  4 of 5 files")
                .endsWith("  3 unchanged  1 of 2 deleted  1 failed");
    }
}
