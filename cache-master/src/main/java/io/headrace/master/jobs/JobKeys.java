package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The keys of a {@link JobStore}: a letter for the kind, the job in eight bytes, and what tells one of them from the next. */
final class JobKeys {
    private static final byte JOB = 'J';
    private static final byte TASK = 'T';
    private static final byte FAILURE = 'F';
    private static final byte OPEN_FILE = 'P';
    private static final byte PART = 'Q';
    private static final byte LISTED = 'L';
    private static final byte PLANNED = 'D';
    private static final byte UPLOAD = 'U';
    private static final byte COPIED = 'M';

    private JobKeys() {}

    static Bytes jobs() {
        return Bytes.copyOf(new byte[] {JOB});
    }

    static Bytes job(long job) {
        return of(JOB, job);
    }

    /** All tasks of a job. */
    static Bytes tasks(long job) {
        return of(TASK, job);
    }

    /** All tasks of a job that one worker may have; empty for those that any may. */
    static Bytes tasks(long job, String worker) {
        return tasks(job).concat(Bytes.utf8(worker)).concat(Bytes.copyOf(new byte[1]));
    }

    static Bytes task(long job, String worker, long number) {
        return tasks(job, worker).concat(number(number));
    }

    static long jobOfTask(Bytes task) {
        return jobOf(task);
    }

    static boolean isTask(Bytes key) {
        return key.length() > 1 + 2 * Long.BYTES && key.at(0) == TASK;
    }

    /** Who may have the task; empty for any. */
    static String workerOfTask(Bytes task) {
        return new String(
                task.slice(1 + Long.BYTES, task.length() - Long.BYTES - 1).toByteArray(), StandardCharsets.UTF_8);
    }

    static Bytes failures(long job) {
        return of(FAILURE, job);
    }

    static Bytes failure(long job, Bytes path) {
        return failures(job).concat(path);
    }

    static Bytes openFiles(long job) {
        return of(OPEN_FILE, job);
    }

    static Bytes openFile(long job, Bytes path) {
        return openFiles(job).concat(path);
    }

    /** All parts of a job's files. */
    static Bytes parts(long job) {
        return of(PART, job);
    }

    /** The parts of one file, by its number. */
    static Bytes parts(long job, long file) {
        return parts(job).concat(number(file));
    }

    static Bytes part(long job, long file, int part) {
        return parts(job, file).concat(number(part));
    }

    /** What a migrate's target has and its source was not seen to have. */
    static Bytes listed(long job) {
        return of(LISTED, job);
    }

    static Bytes listed(long job, Bytes path) {
        return listed(job).concat(path);
    }

    static Bytes planned(long job) {
        return of(PLANNED, job);
    }

    static Bytes planned(long job, Bytes path) {
        return planned(job).concat(path);
    }

    /** Of all jobs. */
    static Bytes uploads() {
        return Bytes.copyOf(new byte[] {UPLOAD});
    }

    static Bytes uploads(long job) {
        return of(UPLOAD, job);
    }

    static Bytes upload(long job, String token) {
        return uploads(job).concat(Bytes.utf8(token));
    }

    /** Of no job, but of a source and target: {@link MigrateOrigins#pair}. */
    static Bytes copied(Bytes pair) {
        return Bytes.copyOf(new byte[] {COPIED}).concat(pair);
    }

    static Bytes copied(Bytes pair, Bytes path) {
        return copied(pair).concat(path);
    }

    /** The job that a key is of. */
    static long jobOf(Bytes key) {
        return key.asByteBuffer().getLong(1);
    }

    /** What is behind the job and the kind. */
    static Bytes rest(Bytes key) {
        return key.slice(1 + Long.BYTES, key.length());
    }

    /** The least key behind all that start so; none starts with 0xff. */
    static byte[] behind(Bytes prefix) {
        byte[] end = prefix.toByteArray();
        int last = end.length - 1;
        while (end[last] == (byte) 0xff) {
            end[last] = 0;
            last--;
        }
        end[last]++;
        return end;
    }

    private static Bytes of(byte kind, long number) {
        return Bytes.copyOf(new byte[] {kind}).concat(number(number));
    }

    private static Bytes number(long number) {
        return Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
