package io.headrace.master.jobs;

import com.google.protobuf.ByteString;
import io.headrace.master.jobs.Cutter.Piece;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.LoadSpec;
import io.headrace.protocol.v1.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of one job: puts into a batch what becomes of its tasks and files, and counts. A file of one item is counted when
 * that has ended; of one of several a row says how many are left.
 */
final class Ledger {
    static final int LAST_ROUND = 2;
    private static final int MOST_ITEMS = 256;
    private static final int MOST_BLOCKS = 64;
    /** In a task's number: it comes behind all that have not. */
    private static final long LATER = 1L << 62;

    private final JobStore.Batch batch;
    private final JobRecord.Builder job;
    private final Map<String, List<JobItem>> gathered = new HashMap<>();
    /** Of the tasks that what is gathered was taken from. */
    private List<String> lostWorkers = List.of();

    Ledger(JobStore.Batch batch, JobRecord before) {
        this.batch = batch;
        this.job = before.toBuilder();
    }

    private long id() {
        return status().getId();
    }

    JobStore.Batch batch() {
        return batch;
    }

    JobRecord.Builder job() {
        return job;
    }

    /** The part of {@link #job} that is told; not to be kept over a {@link #begin}. */
    JobStatus.Builder status() {
        return job.getStatusBuilder();
    }

    /** Puts the job itself; the ledger is over. */
    JobRecord close() {
        flush();
        JobRecord after = job.build();
        batch.put(JobKeys.job(id()), after.toByteArray());
        return after;
    }

    /** Forgets all that was done, and begins. */
    void begin() {
        forgetRows();
        batch.clear(JobKeys.failures(id()));
        batch.clear(JobKeys.planned(id()));
        long created = status().getCreatedUnixMillis();
        long number = id();
        JobSpec spec = status().getSpec();
        long nextTask = job.getNextTask();
        job.clear();
        // What is said late of a task of before must not be heard as of a new one.
        job.setNextTask(nextTask);
        status().setId(number).setSpec(spec).setCreatedUnixMillis(created);
        beginRound(0, false);
    }

    void beginRound(int round, boolean failedOnly) {
        job.setRound(round)
                .setWalked(false)
                .clearCursor()
                .setFailedOnly(failedOnly)
                .setBroken(false)
                .setRoundFetched(0);
        status().setState(JobStatus.State.STATE_RUNNING)
                .setCounting(round == 0)
                .clearTrouble()
                .clearEndedUnixMillis();
    }

    void end(JobStatus.State state, long unixMillis) {
        forgetRows();
        job.setOpenTasks(0);
        status().setState(state).setCounting(false).clearTrouble().setEndedUnixMillis(unixMillis);
    }

    private void forgetRows() {
        batch.clear(JobKeys.tasks(id()));
        batch.clear(JobKeys.openFiles(id()));
        batch.clear(JobKeys.parts(id()));
        batch.clear(JobKeys.listed(id()));
    }

    /** A page of the walk was entered. */
    void walkedTo(Bytes cursor, boolean end) {
        job.setCursor(ByteString.copyFrom(cursor.asByteBuffer())).setWalked(end);
        status().setCounting(status().getCounting() && !end).clearTrouble();
    }

    /** A file that the walk met, cut. */
    void planned(SourceFile file, List<Piece> pieces) throws IOException {
        if (job.getFailedOnly()) {
            batch.delete(JobKeys.failure(id(), file.path()));
            status().setFilesFailed(status().getFilesFailed() - 1);
        } else if (job.getRound() == 0) {
            status().setFilesTotal(status().getFilesTotal() + 1)
                    .setBytesTotal(status().getBytesTotal()
                            + pieces.stream()
                                    .mapToLong(piece -> Cutter.bytes(file.version(), piece.item()))
                                    .sum());
        }
        Bytes open = JobKeys.openFile(id(), file.path());
        if (pieces.isEmpty()) {
            countFile(false);
        } else if (pieces.size() > 1) {
            batch.put(
                    open, OpenFile.newBuilder().setItems(pieces.size()).build().toByteArray());
        }
        pieces.forEach(this::gather);
    }

    /** A file that had failed is not there any more. */
    void gone(Bytes path) {
        batch.put(JobKeys.failure(id(), path), "it is not there any more".getBytes(StandardCharsets.UTF_8));
    }

    /** A task whose worker is gone, cut again. */
    void moved(JobTask task, List<List<Piece>> items) throws IOException {
        endTask(task);
        if (!task.getLostWorkersList().equals(lostWorkers)) {
            flush();
            lostWorkers = task.getLostWorkersList();
        }
        for (List<Piece> pieces : items) {
            Bytes open = JobKeys.openFile(id(), path(pieces.getFirst().item()));
            if (pieces.size() > 1) {
                int left = left(open) + pieces.size() - 1;
                batch.put(open, OpenFile.newBuilder().setItems(left).build().toByteArray());
            }
            pieces.forEach(this::gather);
        }
    }

    private void flush() {
        gathered.forEach(this::putTask);
        gathered.clear();
    }

    private void gather(Piece piece) {
        List<JobItem> items = gathered.computeIfAbsent(piece.worker(), absent -> new ArrayList<>());
        int blocks = items.stream().mapToInt(JobItem::getBlocksCount).sum();
        if (items.size() >= MOST_ITEMS || blocks + piece.item().getBlocksCount() > MOST_BLOCKS) {
            putTask(piece.worker(), items);
            items.clear();
        }
        items.add(piece.item());
    }

    private void putTask(String worker, List<JobItem> items) {
        if (items.isEmpty()) {
            return;
        }
        putTask(
                JobKeys.task(id(), worker, nextNumber()),
                JobTask.newBuilder()
                        .setKind(job.getRound() == LAST_ROUND ? JobTask.Kind.KIND_CHECK : JobTask.Kind.KIND_LOAD)
                        .setVerify(status().getSpec().getVerify() && job.getRound() == 0)
                        .setPinRound(status().getSpec().getPinRound())
                        .addAllLostWorkers(lostWorkers)
                        .addAllItems(items));
    }

    /**
     * A task that any worker may do.
     *
     * @param first before those that are not
     */
    void addTask(JobTask.Builder task, boolean first) {
        putTask(JobKeys.task(id(), "", first ? nextNumber() : nextNumber() | LATER), task);
    }

    /** Each of its items becomes a task of its own, behind those that are there. */
    void split(JobTask task) {
        endTask(task);
        String worker = JobKeys.workerOfTask(key(task));
        for (JobItem item : task.getItemsList()) {
            putTask(
                    JobKeys.task(id(), worker, nextNumber()),
                    task.toBuilder().clearItems().addItems(item));
        }
    }

    private void putTask(Bytes key, JobTask.Builder task) {
        put(task.setId(ByteString.copyFrom(key.asByteBuffer())).build());
        job.setOpenTasks(job.getOpenTasks() + 1);
    }

    /** In the place of what it was. */
    void put(JobTask task) {
        batch.put(key(task), task.toByteArray());
    }

    private static Bytes key(JobTask task) {
        return Bytes.copyOf(task.getId().asReadOnlyByteBuffer());
    }

    /** One that the job never had. */
    long nextNumber() {
        long number = job.getNextTask();
        job.setNextTask(number + 1);
        return number;
    }

    /** A task that has ended. */
    void reported(JobTask task, List<ItemResult> results) throws IOException {
        if (status().getSpec().hasMigrate()) {
            new CopyLedger(this).reported(task, results);
            return;
        }
        endTask(task);
        for (int i = 0; i < task.getItemsCount(); i++) {
            ended(path(task.getItems(i)), result(results, i));
        }
    }

    /** Takes the task away; what was said of its items is the caller's to enter. */
    void endTask(JobTask task) {
        batch.delete(key(task));
        job.setOpenTasks(job.getOpenTasks() - 1);
    }

    /** What was said of the task's item of this number. */
    static ItemResult result(List<ItemResult> results, int item) {
        return item < results.size()
                ? results.get(item)
                : ItemResult.newBuilder()
                        .setFailure("the worker said nothing of it")
                        .build();
    }

    private void ended(Bytes path, ItemResult result) throws IOException {
        job.setRoundFetched(job.getRoundFetched() + result.getBytesFetched());
        if (job.getRound() == 0) {
            status().setBytesFetched(status().getBytesFetched() + result.getBytesFetched())
                    .setBytesPresent(status().getBytesPresent() + result.getBytesPresent());
        }
        Bytes failure = JobKeys.failure(id(), path);
        if (!result.getFailure().isEmpty()) {
            putFailure(path, result.getFailure());
        }
        Bytes open = JobKeys.openFile(id(), path);
        int left = left(open) - 1;
        if (left > 0) {
            batch.put(open, OpenFile.newBuilder().setItems(left).build().toByteArray());
        } else {
            batch.delete(open);
            countFile(batch.get(failure).isPresent());
        }
    }

    /** The first reason of a path stays. */
    void putFailure(Bytes path, String reason) throws IOException {
        Bytes failure = JobKeys.failure(id(), path);
        if (batch.get(failure).isEmpty()) {
            batch.put(failure, reason.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void countFile(boolean failed) {
        boolean again = job.getRound() > 0;
        if (failed) {
            status().setFilesFailed(status().getFilesFailed() + 1);
            status().setFilesDone(status().getFilesDone() - (again ? 1 : 0));
        } else if (!again) {
            status().setFilesDone(status().getFilesDone() + 1);
        }
    }

    private int left(Bytes open) throws IOException {
        Optional<byte[]> row = batch.get(open);
        return row.isPresent() ? OpenFile.parseFrom(row.get()).getItems() : 1;
    }

    static Bytes path(JobItem item) {
        return Bytes.copyOf(item.getPath().asReadOnlyByteBuffer());
    }

    static List<List<Piece>> cutAgain(Cutter cutter, LoadSpec spec, JobTask task) throws IOException {
        List<List<Piece>> items = new ArrayList<>();
        for (JobItem item : task.getItemsList()) {
            SourceFile file = new SourceFile(
                    path(item), VersionCodec.decode(item.getVersion().asReadOnlyByteBuffer()));
            items.add(cutter.cutAgain(spec, file, item.getBlocksList()));
        }
        return items;
    }
}
