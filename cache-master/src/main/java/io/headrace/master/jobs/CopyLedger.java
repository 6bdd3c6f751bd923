package io.headrace.master.jobs;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.v1.CopiedFile;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.JobTask.Kind;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.OpenFile;
import io.headrace.protocol.v1.PlannedFile;
import io.headrace.protocol.v1.WrittenPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One change of one migrate, beside its {@link Ledger}. A small file is an item of a task that copies it whole. A large one goes
 * through three kinds of tasks: one begins its upload, some write parts, one completes it. They are done before what is not begun,
 * so that few uploads are open at a time. Any worker may do any task.
 */
final class CopyLedger {
    private static final int MOST_FILES = 64;
    private static final long MOST_BYTES = 64 << 20;
    private static final int MOST_PLANNED = 1000;

    private final JobStore.Batch batch;
    private final Ledger ledger;
    private final long id;
    private final MigrateSpec spec;
    private final Bytes pair;
    private final JobTask.Builder gathered = JobTask.newBuilder();
    private long gatheredBytes;

    CopyLedger(Ledger ledger) {
        this.batch = ledger.batch();
        this.ledger = ledger;
        this.id = ledger.status().getId();
        this.spec = ledger.status().getSpec().getMigrate();
        this.pair = MigrateOrigins.pair(spec);
    }

    /** The target has it, as it was before the job. */
    void listed(FileVersion target) {
        batch.put(JobKeys.listed(id, target.key().bytes()), VersionCodec.encode(target));
    }

    /** The source has it. What the target is known to have a copy of is not copied again. */
    void met(FileVersion source) throws IOException {
        Bytes path = source.key().bytes();
        long length = source.lengthBytes();
        ledger.status()
                .setFilesTotal(ledger.status().getFilesTotal() + 1)
                .setBytesTotal(ledger.status().getBytesTotal() + length);
        Optional<byte[]> target = batch.get(JobKeys.listed(id, path));
        batch.delete(JobKeys.listed(id, path));
        CopiedFile now = CopiedFile.newBuilder()
                .setSourceVersion(ByteString.copyFrom(VersionCodec.encode(source)))
                .setTargetVersion(ByteString.copyFrom(target.orElseGet(() -> new byte[0])))
                .build();
        Optional<byte[]> before = batch.get(JobKeys.copied(pair, path));
        if (target.isPresent() && before.isPresent() && now.equals(CopiedFile.parseFrom(before.get()))) {
            ledger.status()
                    .setFilesUnchanged(ledger.status().getFilesUnchanged() + 1)
                    .setFilesDone(ledger.status().getFilesDone() + 1)
                    .setBytesPresent(ledger.status().getBytesPresent() + length);
        } else if (spec.getDryRun()) {
            plan(path, PlannedFile.newBuilder().setLengthBytes(length));
        } else if (length <= PartSizes.SMALLEST) {
            gather(Kind.KIND_COPY, item(path, now.getSourceVersion()).build(), length);
        } else {
            begin(source, now.getSourceVersion());
        }
    }

    private void begin(FileVersion source, ByteString version) throws IOException {
        Bytes path = source.key().bytes();
        Optional<Long> partBytes = PartSizes.of(source.lengthBytes());
        if (partBytes.isEmpty()) {
            failed(path, "it is larger than " + PartSizes.LARGEST_FILE + " bytes, the most that is copied in parts");
            return;
        }
        ledger.addTask(
                JobTask.newBuilder()
                        .setKind(Kind.KIND_BEGIN)
                        .addItems(item(path, version).setPartBytes(partBytes.get())),
                false);
    }

    /** The target has it, and the source, all of which was met, has not. */
    void surplus(Bytes path, byte[] target) throws IOException {
        ledger.status().setFilesToDelete(ledger.status().getFilesToDelete() + 1);
        FileVersion version = VersionCodec.decode(ByteBuffer.wrap(target));
        if (spec.getDryRun()) {
            plan(path, PlannedFile.newBuilder().setDeleted(true).setLengthBytes(version.lengthBytes()));
        } else {
            gather(Kind.KIND_DELETE, item(path, ByteString.copyFrom(target)).build(), 0);
        }
    }

    private void plan(Bytes path, PlannedFile.Builder file) {
        long copies = ledger.status().getFilesTotal()
                - ledger.status().getFilesDone()
                - ledger.status().getFilesFailed();
        if (copies + ledger.status().getFilesToDelete() <= MOST_PLANNED) {
            batch.put(
                    JobKeys.planned(id, path),
                    file.setPath(path.toString()).build().toByteArray());
        }
    }

    private static JobItem.Builder item(Bytes path, ByteString version) {
        return JobItem.newBuilder()
                .setPath(ByteString.copyFrom(path.asByteBuffer()))
                .setVersion(version);
    }

    private void gather(Kind kind, JobItem item, long bytes) {
        if (gathered.getItemsCount() >= MOST_FILES || gatheredBytes + bytes > MOST_BYTES) {
            flush();
        }
        gathered.setKind(kind).addItems(item);
        gatheredBytes += bytes;
    }

    /** Makes a task of what was gathered. To be called before the ledger's end. */
    void flush() {
        if (gathered.getItemsCount() > 0) {
            ledger.addTask(gathered, false);
        }
        gathered.clear();
        gatheredBytes = 0;
    }

    /** The source has it, and it is no file. */
    void leftOut(Bytes path, String reason) throws IOException {
        ledger.status().setFilesTotal(ledger.status().getFilesTotal() + 1);
        batch.delete(JobKeys.listed(id, path));
        failed(path, "it is not copied: " + reason);
    }

    void failed(Bytes path, String reason) throws IOException {
        ledger.putFailure(path, reason);
        ledger.status().setFilesFailed(ledger.status().getFilesFailed() + 1);
    }

    /** A task that has ended. */
    void reported(JobTask task, List<ItemResult> results) throws IOException {
        ledger.endTask(task);
        for (int i = 0; i < task.getItemsCount(); i++) {
            ItemResult result = Ledger.result(results, i);
            ledger.status().setBytesFetched(ledger.status().getBytesFetched() + result.getBytesFetched());
            JobItem item = task.getItems(i);
            switch (task.getKind()) {
                case KIND_COPY -> copied(item, result);
                case KIND_BEGIN -> begun(item, result);
                case KIND_PARTS -> wrote(item, result);
                case KIND_COMPLETE -> completed(item, result);
                case KIND_DELETE -> deleted(item, result);
                case KIND_LOAD, KIND_CHECK, KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalStateException("a migrate has no task of the kind " + task.getKind());
            }
        }
    }

    private void copied(JobItem item, ItemResult result) throws IOException {
        Bytes path = Ledger.path(item);
        if (result.getFailure().isEmpty()) {
            batch.put(
                    JobKeys.copied(pair, path),
                    CopiedFile.newBuilder()
                            .setSourceVersion(item.getVersion())
                            .setTargetVersion(result.getTargetVersion())
                            .build()
                            .toByteArray());
            ledger.status().setFilesDone(ledger.status().getFilesDone() + 1);
        } else {
            failed(path, result.getFailure());
        }
    }

    private void begun(JobItem item, ItemResult result) throws IOException {
        Bytes path = Ledger.path(item);
        if (!result.getFailure().isEmpty()) {
            failed(path, result.getFailure());
            return;
        }
        long length =
                VersionCodec.decode(item.getVersion().asReadOnlyByteBuffer()).lengthBytes();
        int parts = PartSizes.count(length, item.getPartBytes());
        int tasks = 0;
        for (int first = 1; first <= parts; first += PartSizes.PARTS_A_TASK) {
            ledger.addTask(
                    JobTask.newBuilder()
                            .setKind(Kind.KIND_PARTS)
                            .addItems(item.toBuilder()
                                    .setUpload(result.getUpload())
                                    .setFirstPart(first)
                                    .setPartCount(Math.min(PartSizes.PARTS_A_TASK, parts - first + 1))),
                    true);
            tasks++;
        }
        put(
                path,
                OpenFile.newBuilder()
                        .setItems(tasks)
                        .setVersion(item.getVersion())
                        .setUpload(result.getUpload())
                        .setNumber(ledger.nextNumber())
                        .setPartBytes(item.getPartBytes())
                        .build());
        new Uploads(batch, id).opened(result.getUpload(), path);
    }

    private void put(Bytes path, OpenFile file) {
        batch.put(JobKeys.openFile(id, path), file.toByteArray());
    }

    private OpenFile open(Bytes path) throws IOException {
        return OpenFile.parseFrom(batch.get(JobKeys.openFile(id, path))
                .orElseThrow(() -> new IllegalStateException("job " + id + " copies no parts of " + path)));
    }

    private void wrote(JobItem item, ItemResult result) throws IOException {
        Bytes path = Ledger.path(item);
        OpenFile.Builder file = open(path).toBuilder();
        file.setItems(file.getItems() - 1);
        boolean whole = result.getPartsCount() == item.getPartCount();
        if (result.getFailure().isEmpty() && whole) {
            for (int i = 0; i < result.getPartsCount(); i++) {
                batch.put(
                        JobKeys.part(id, file.getNumber(), item.getFirstPart() + i),
                        result.getParts(i).toByteArray());
            }
        } else if (file.getFailure().isEmpty()) {
            file.setFailure(
                    result.getFailure().isEmpty() ? "the worker did not tell of all parts" : result.getFailure());
        }
        put(path, file.build());
        if (file.getItems() == 0) {
            if (file.getFailure().isEmpty()) {
                join(item, file.build());
            } else {
                close(path, file.build(), true);
                failed(path, file.getFailure());
            }
        }
    }

    private void join(JobItem item, OpenFile file) throws IOException {
        long length =
                VersionCodec.decode(file.getVersion().asReadOnlyByteBuffer()).lengthBytes();
        List<WrittenPart> parts = new ArrayList<>();
        for (int part = 1; part <= PartSizes.count(length, file.getPartBytes()); part++) {
            parts.add(WrittenPart.parseFrom(
                    batch.get(JobKeys.part(id, file.getNumber(), part)).orElseThrow()));
        }
        ledger.addTask(
                JobTask.newBuilder()
                        .setKind(Kind.KIND_COMPLETE)
                        .addItems(item.toBuilder()
                                .clearFirstPart()
                                .clearPartCount()
                                .addAllParts(parts)),
                true);
    }

    private void completed(JobItem item, ItemResult result) throws IOException {
        Bytes path = Ledger.path(item);
        close(path, open(path), !result.getFailure().isEmpty());
        copied(item, result);
    }

    private void close(Bytes path, OpenFile file, boolean abandoned) {
        batch.delete(JobKeys.openFile(id, path));
        batch.clear(JobKeys.parts(id, file.getNumber()));
        Uploads uploads = new Uploads(batch, id);
        if (abandoned) {
            uploads.abandoned(file.getUpload(), path);
        } else {
            uploads.closed(file.getUpload());
        }
    }

    private void deleted(JobItem item, ItemResult result) throws IOException {
        Bytes path = Ledger.path(item);
        if (!result.getFailure().isEmpty()) {
            failed(path, result.getFailure());
        } else if (result.getLeft()) {
            ledger.status().setFilesToDelete(ledger.status().getFilesToDelete() - 1);
        } else {
            batch.delete(JobKeys.copied(pair, path));
            ledger.status().setFilesDeleted(ledger.status().getFilesDeleted() + 1);
        }
    }
}
