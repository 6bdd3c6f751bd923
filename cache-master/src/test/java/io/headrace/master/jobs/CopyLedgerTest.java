package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.JobTask.Kind;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.WrittenPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyLedgerTest {
    private static final MountId SOURCE = new MountId("0123456789abcdef");
    private static final MountId TARGET = new MountId("fedcba9876543210");
    private static final MigrateSpec SPEC =
            MigrateSpec.newBuilder().setSource("s3://a").setTarget("s3://b").build();
    private static final int LARGE_PARTS = 10;

    @TempDir
    private Path folder;

    private JobStore store;
    private JobRecord record = JobRecord.newBuilder()
            .setStatus(
                    JobStatus.newBuilder().setId(7).setSpec(JobSpec.newBuilder().setMigrate(SPEC)))
            .build();

    private interface Change {
        void make(CopyLedger copies) throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        store = JobStore.open(folder.resolve("jobs"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatever_both_sides_have_the_right_files_are_copied_and_the_right_ones_left() throws IOException {
        long seed = 20261125;
        Random random = new Random(seed);
        TreeSet<String> copied = new TreeSet<>();
        TreeSet<String> surplus = new TreeSet<>();
        TreeSet<String> copiedBefore = new TreeSet<>();
        List<FileVersion> target = new ArrayList<>();
        List<FileVersion> source = new ArrayList<>();
        int unchanged = 0;
        for (int i = 0; i < 500; i++) {
            String key = "key-" + i;
            boolean atSource = random.nextInt(4) > 0;
            boolean atTarget = random.nextInt(4) > 0;
            boolean known = random.nextBoolean();
            boolean sourceChanged = random.nextInt(3) == 0;
            boolean targetChanged = random.nextInt(3) == 0;
            if (known) {
                copiedBefore.add(key);
            }
            if (atSource) {
                source.add(version(SOURCE, key, sourceChanged ? "new" : "old"));
            }
            if (atTarget) {
                target.add(version(TARGET, key, targetChanged ? "new" : "old"));
            }
            if (atSource && atTarget && known && !sourceChanged && !targetChanged) {
                unchanged++;
            } else if (atSource) {
                copied.add(key);
            } else if (atTarget) {
                surplus.add(key);
            }
        }
        change(copies -> {
            for (String key : copiedBefore) {
                copyOnce(copies, key);
            }
        });
        reset();
        change(copies -> target.forEach(copies::listed));
        change(copies -> {
            for (FileVersion file : source) {
                copies.met(file);
            }
        });

        assertThat(record.getStatus().getFilesTotal()).isEqualTo(source.size());
        assertThat(record.getStatus().getFilesUnchanged()).as("seed %d", seed).isEqualTo(unchanged);
        assertThat(tasks().stream().flatMap(task -> task.getItemsList().stream()))
                .extracting(item -> item.getPath().toStringUtf8())
                .containsExactlyInAnyOrderElementsOf(copied);
        SurplusPages pages = new SurplusPages(store, 7, Bytes.EMPTY);
        WalkedPages.Page page = pages.next();
        assertThat(page.end()).isTrue();
        JobStore.Batch batch = store.batch();
        Ledger ledger = new Ledger(batch, record);
        page.plan().enter(ledger);
        save(batch, ledger);
        assertThat(tasks().stream()
                        .filter(task -> task.getKind() == Kind.KIND_DELETE)
                        .flatMap(task -> task.getItemsList().stream()))
                .extracting(item -> item.getPath().toStringUtf8())
                .containsExactlyInAnyOrderElementsOf(surplus);
    }

    @Test
    void a_large_file_is_begun_written_in_parts_and_completed_with_all_of_them() throws IOException {
        JobTask begin = met();
        assertThat(begin.getKind()).isEqualTo(Kind.KIND_BEGIN);
        report(begin, ItemResult.newBuilder().setUpload("token"));
        List<JobTask> parts = tasks();
        assertThat(parts).extracting(JobTask::getKind).containsOnly(Kind.KIND_PARTS);
        assertThat(parts.stream()
                        .mapToInt(task -> task.getItems(0).getPartCount())
                        .sum())
                .isEqualTo(LARGE_PARTS);
        assertThat(AbandonedUploads.find(store)).isEmpty();

        for (JobTask task : parts.reversed()) {
            report(task, written(task.getItems(0)));
        }
        JobTask complete = tasks().getFirst();
        assertThat(complete.getKind()).isEqualTo(Kind.KIND_COMPLETE);
        assertThat(complete.getItems(0).getUpload()).isEqualTo("token");
        assertThat(complete.getItems(0).getPartsList())
                .extracting(WrittenPart::getMark)
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");

        report(complete, ItemResult.newBuilder().setTargetVersion(ByteString.copyFromUtf8("version")));
        assertThat(record.getStatus().getFilesDone()).isEqualTo(1);
        assertThat(record.getOpenTasks()).isZero();
        assertThat(rows(JobKeys.uploads(7)) + rows(JobKeys.parts(7)) + rows(JobKeys.openFiles(7)))
                .isZero();
    }

    @Test
    void a_part_that_fails_fails_the_file_once_and_its_upload_is_to_be_aborted() throws IOException {
        report(met(), ItemResult.newBuilder().setUpload("token"));
        for (JobTask task : tasks()) {
            report(task, ItemResult.newBuilder().setFailure("it was replaced"));
        }
        assertThat(tasks()).isEmpty();
        assertThat(record.getStatus().getFilesFailed()).isEqualTo(1);
        assertThat(record.getOpenTasks()).isZero();
        assertThat(AbandonedUploads.find(store))
                .containsExactly(new AbandonedUploads.Upload(7, "token", Bytes.utf8("large")));
    }

    @Test
    void follow_ups_come_before_what_has_not_begun() throws IOException {
        JobTask begin = met();
        change(copies -> {
            copies.met(version(SOURCE, "small", "old"));
            copies.flush();
        });
        report(begin, ItemResult.newBuilder().setUpload("token"));
        assertThat(tasks()).extracting(JobTask::getKind).endsWith(Kind.KIND_PARTS, Kind.KIND_COPY);
    }

    @Test
    void a_job_that_begins_again_gives_no_task_the_name_of_an_old_one() throws IOException {
        ByteString first = met().getId();
        JobStore.Batch batch = store.batch();
        Ledger ledger = new Ledger(batch, record);
        ledger.begin();
        save(batch, ledger);
        assertThat(tasks()).isEmpty();
        assertThat(met().getId()).isNotEqualTo(first);
    }

    private JobTask met() throws IOException {
        long length = (LARGE_PARTS - 1) * PartSizes.SMALLEST + 1;
        change(copies -> copies.met(new FileVersion(SOURCE, ObjectKey.of("large"), length, new EntityTag("\"1\""))));
        return tasks().getLast();
    }

    private static ItemResult.Builder written(JobItem item) {
        ItemResult.Builder result = ItemResult.newBuilder();
        for (int i = 0; i < item.getPartCount(); i++) {
            result.addParts(WrittenPart.newBuilder().setMark(String.valueOf(item.getFirstPart() + i)));
        }
        return result;
    }

    private static void copyOnce(CopyLedger copies, String key) throws IOException {
        copies.reported(
                JobTask.newBuilder()
                        .setKind(Kind.KIND_COPY)
                        .addItems(JobItem.newBuilder()
                                .setPath(ByteString.copyFromUtf8(key))
                                .setVersion(encoded(version(SOURCE, key, "old"))))
                        .build(),
                List.of(ItemResult.newBuilder()
                        .setTargetVersion(encoded(version(TARGET, key, "old")))
                        .build()));
    }

    private static ByteString encoded(FileVersion version) {
        return ByteString.copyFrom(VersionCodec.encode(version));
    }

    private static FileVersion version(MountId mount, String key, String tag) {
        return new FileVersion(mount, ObjectKey.of(key), 100, new EntityTag(tag));
    }

    private void reset() throws IOException {
        JobStore.Batch batch = store.batch();
        Ledger ledger = new Ledger(batch, record);
        ledger.begin();
        save(batch, ledger);
    }

    private void report(JobTask task, ItemResult.Builder result) throws IOException {
        change(copies -> copies.reported(task, List.of(result.build())));
    }

    private void change(Change change) throws IOException {
        JobStore.Batch batch = store.batch();
        Ledger ledger = new Ledger(batch, record);
        CopyLedger copies = new CopyLedger(ledger);
        change.make(copies);
        copies.flush();
        save(batch, ledger);
    }

    private void save(JobStore.Batch batch, Ledger ledger) throws IOException {
        record = ledger.close();
        store.write(batch);
    }

    private List<JobTask> tasks() throws IOException {
        List<JobTask> tasks = new ArrayList<>();
        store.scan(JobKeys.tasks(7), JobKeys.tasks(7), (key, value) -> tasks.add(JobTask.parseFrom(value)));
        return tasks;
    }

    private int rows(Bytes prefix) throws IOException {
        List<Bytes> rows = new ArrayList<>();
        store.scan(prefix, prefix, (key, value) -> rows.add(key));
        return rows.size();
    }
}
