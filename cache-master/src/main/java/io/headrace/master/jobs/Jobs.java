package io.headrace.master.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.BindableService;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.TaskReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a master. Each change of one is on the disk before anybody hears of it, and is one write: a crash at any point
 * leaves tasks, files and counts that agree. Thread-safe; one lock for all jobs, held while the disk writes.
 *
 * <p>A load goes in rounds, each a walk over its files that makes tasks, and the tasks. The first loads; the second loads again,
 * which does nothing where the blocks still are. When it had to fetch something, because later files drove out earlier ones, a
 * third only looks, and what is missing then failed. So a complete load is one that was seen to be there.
 *
 * <p>A migrate has one round that copies, and, when that went well and it was asked for, one that removes what is left.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final JobStore store;
    private final JobsSettings settings;
    private final Surroundings around;
    private final Cutter cutter;
    private final Leases leases;
    private final TreeMap<Long, JobRecord> records = new TreeMap<>();
    private final Map<Long, Walk> walks = new HashMap<>();
    private final JobUpkeep upkeep;
    /** Of the upkeep's thread. */
    private final AbandonedUploads abandoned = new AbandonedUploads();

    private boolean closed;
    private volatile long healedPinRound;

    /** @param names in which the paths of loads are found */
    public record Surroundings(
            Namespace names,
            ClusterViews views,
            Clock clock,
            Ticker ticker,
            FaultPoints faults,
            MeterRegistry meters) {}

    private Jobs(JobStore store, JobsSettings settings, Surroundings around) {
        this.store = store;
        this.settings = settings;
        this.around = around;
        this.cutter = new Cutter(around.views);
        this.leases = new Leases(around.ticker, settings.lease());
        this.upkeep = new JobUpkeep(this::lookAfterAll);
        Gauge.builder("headrace.jobs.running", this, jobs -> jobs.running().size())
                .description("Jobs that run")
                .register(around.meters);
    }

    /**
     * Goes on with the jobs that ran when the last master ended.
     *
     * @param directory the master's own for jobs; made when it is missing
     */
    public static Jobs open(Path directory, JobsSettings settings, Surroundings around) throws IOException {
        Jobs jobs = new Jobs(JobStore.open(directory), settings, around);
        try {
            jobs.goOn();
            jobs.upkeep.start();
            return jobs;
        } catch (IOException | RuntimeException e) {
            jobs.close();
            throw e;
        }
    }

    /** To be added to a server. */
    public BindableService service() {
        return new JobsService(this);
    }

    private synchronized void goOn() throws IOException {
        store.scan(JobKeys.jobs(), JobKeys.jobs(), (key, value) -> {
            JobRecord record = JobRecord.parseFrom(value);
            records.put(record.getStatus().getId(), record);
            return true;
        });
        for (JobRecord record : running()) {
            proceed(record);
        }
    }

    private synchronized List<JobRecord> running() {
        return records.values().stream().filter(Jobs::isRunning).toList();
    }

    synchronized boolean pinsAreHealing() {
        return running().stream()
                .anyMatch(record -> record.getStatus().getSpec().getPinRound() > 0);
    }

    private static boolean isRunning(JobRecord record) {
        return record.getStatus().getState() == State.STATE_RUNNING;
    }

    /** @param spec tidy: {@link JobSpecs#tidy} */
    synchronized JobStatus submit(JobSpec spec) throws IOException {
        requireRoom();
        long id = records.isEmpty() ? 1 : records.lastKey() + 1;
        JobRecord none = JobRecord.newBuilder()
                .setStatus(JobStatus.newBuilder().setId(id).setSpec(spec).setCreatedUnixMillis(around.clock.millis()))
                .build();
        List<Long> old = new ArrayList<>();
        JobRecord record = change(none, ledger -> {
            ledger.begin();
            old.addAll(new OldJobs(records).forget(settings.mostEnded() - 1, ledger.batch()));
        });
        old.forEach(records::remove);
        proceed(record);
        return status(record, true);
    }

    private void requireRoom() throws JobRefusedException {
        if (running().size() >= settings.mostRunning()) {
            throw new JobRefusedException("as many jobs run as may (" + settings.mostRunning()
                    + "); wait for one, cancel one, or raise jobs.most-running");
        }
    }

    @FunctionalInterface
    private interface Change {
        void enter(Ledger ledger) throws IOException;
    }

    private JobRecord change(JobRecord before, Change change) throws IOException {
        JobStore.Batch batch = store.batch();
        Ledger ledger = new Ledger(batch, before);
        change.enter(ledger);
        JobRecord after = ledger.close();
        store.write(batch);
        records.put(after.getStatus().getId(), after);
        around.faults.reach("jobs.change.stored");
        return after;
    }

    private JobRecord require(long id) throws NoSuchJobException {
        JobRecord record = records.get(id);
        if (record == null) {
            throw new NoSuchJobException(id);
        }
        return record;
    }

    synchronized JobStatus get(long id) throws IOException {
        return status(require(id), true);
    }

    synchronized List<JobStatus> list() throws IOException {
        List<JobStatus> all = new ArrayList<>();
        for (JobRecord record : records.descendingMap().values()) {
            all.add(status(record, false));
        }
        return all;
    }

    private JobStatus status(JobRecord record, boolean whole) throws IOException {
        return new ToldStatus(store, leases).of(record, whole);
    }

    synchronized JobStatus cancel(long id) throws IOException {
        JobRecord record = require(id);
        return status(isRunning(record) ? end(record, State.STATE_CANCELLED) : record, true);
    }

    private JobRecord end(JobRecord record, State state) throws IOException {
        long id = record.getStatus().getId();
        JobRecord ended = change(record, ledger -> {
            ledger.end(state, around.clock.millis());
            new Uploads(ledger.batch(), id).abandonAll(store);
        });
        leases.endAll(id);
        Optional.ofNullable(walks.remove(id)).ifPresent(Walk::stop);
        LOG.info("job {} ended: {}", id, state);
        return ended;
    }

    synchronized JobStatus retry(long id) throws IOException {
        JobRecord record = require(id);
        if (isRunning(record)) {
            throw new JobRefusedException("job " + id + " runs; cancel it first, or wait for its end");
        }
        requireRoom();
        boolean load = record.getStatus().getSpec().hasLoad();
        boolean failedOnly = load && record.getStatus().getState() == State.STATE_INCOMPLETE && !record.getBroken();
        JobRecord again = change(record, ledger -> {
            if (failedOnly) {
                ledger.beginRound(0, true);
            } else {
                ledger.begin();
            }
        });
        proceed(again);
        return status(again, true);
    }

    /** Does what comes next: a walk, the next round, or the end. */
    private void proceed(JobRecord record) throws IOException {
        long id = record.getStatus().getId();
        if (!record.getWalked()) {
            startWalk(record);
        } else if (record.getOpenTasks() == 0) {
            boolean failed = record.getStatus().getFilesFailed() > 0;
            if (failed || JobPages.isLastRound(record)) {
                JobRecord _ = end(record, failed ? State.STATE_INCOMPLETE : State.STATE_COMPLETE);
            } else {
                leases.endAll(id);
                startWalk(change(record, ledger -> ledger.beginRound(record.getRound() + 1, false)));
            }
        }
    }

    private void startWalk(JobRecord record) {
        if (closed) {
            return;
        }
        long id = record.getStatus().getId();
        Walk walk = new Walk(this, id, new JobPages(store, around.names, cutter).of(record));
        walks.put(id, walk);
        walk.start();
    }

    /** A page of a walk. */
    synchronized void walked(Walk walk, WalkedPages.Page page) throws IOException {
        if (isOf(walk)) {
            JobRecord after = change(require(walk.job()), ledger -> {
                page.plan().enter(ledger);
                ledger.walkedTo(page.cursor(), page.end());
            });
            if (page.end()) {
                walks.remove(walk.job());
                proceed(after);
            }
        }
    }

    // Another walk of the same job may have begun.
    @SuppressWarnings("ReferenceEquality")
    synchronized boolean isOf(Walk walk) {
        return walks.get(walk.job()) == walk;
    }

    /** Tells what a walk waits for; not worth the disk. */
    synchronized void waits(Walk walk, String why) throws NoSuchJobException {
        if (isOf(walk)) {
            JobRecord.Builder record = require(walk.job()).toBuilder();
            record.getStatusBuilder().setTrouble(why);
            records.put(walk.job(), record.build());
        }
    }

    /** A walk cannot go on. */
    synchronized void broke(Walk walk, String why) throws IOException {
        if (isOf(walk)) {
            JobRecord broken = change(require(walk.job()), ledger -> {
                ledger.job().setBroken(true);
                ledger.batch().put(JobKeys.failures(walk.job()), why.getBytes(StandardCharsets.UTF_8));
            });
            JobRecord _ = end(broken, State.STATE_INCOMPLETE);
        }
    }

    /** Tasks for a worker, who then has them for {@link JobsSettings#lease}. */
    synchronized List<JobTask> lease(String worker, int most) throws IOException {
        countLosses();
        FreeTasks free = new FreeTasks(store, leases, worker, most);
        for (JobRecord record : running()) {
            free.lease(record);
        }
        return free.leased();
    }

    /** What workers are told of pins from now on. */
    void healed(long pinRound) {
        healedPinRound = pinRound;
    }

    long healedPinRound() {
        return healedPinRound;
    }

    long leaseMillis() {
        return leases.time().toMillis();
    }

    /** Takes a worker's word; says whether the task is still wanted. */
    synchronized boolean report(String worker, TaskReport report) throws IOException {
        Bytes key = Bytes.copyOf(report.getId().asReadOnlyByteBuffer());
        Optional<byte[]> row = JobKeys.isTask(key) ? store.get(key) : Optional.empty();
        if (row.isEmpty()) {
            return false;
        }
        if (!report.getEnded()) {
            return leases.heard(key, worker, report);
        }
        JobTask task = JobTask.parseFrom(row.get());
        JobRecord after =
                change(require(JobKeys.jobOfTask(key)), ledger -> ledger.reported(task, report.getResultsList()));
        leases.end(key);
        proceed(after);
        return true;
    }

    private void lookAfterAll() throws IOException {
        takeTasksOfTheGone();
        abandoned.abortSome(this);
    }

    synchronized List<AbandonedUploads.Upload> abandonedUploads() throws IOException {
        return closed ? List.of() : AbandonedUploads.find(store);
    }

    synchronized Optional<MigrateSpec> migrate(long id) {
        return Optional.ofNullable(records.get(id))
                .map(record -> record.getStatus().getSpec().getMigrate());
    }

    synchronized void forget(AbandonedUploads.Upload upload) throws IOException {
        if (!closed) {
            JobStore.Batch batch = store.batch();
            new Uploads(batch, upload.job()).closed(upload.token());
            store.write(batch);
        }
    }

    /** Gives the tasks that only a worker may do who owns no blocks any more to those who own its blocks now. */
    private synchronized void takeTasksOfTheGone() throws IOException {
        countLosses();
        OrphanTasks tasks = new OrphanTasks(store, cutter);
        for (JobRecord record : running()) {
            List<Bytes> orphans = tasks.find(record.getStatus().getId());
            if (!orphans.isEmpty()) {
                JobRecord _ = change(
                        record,
                        ledger ->
                                tasks.move(orphans, record.getStatus().getSpec().getLoad(), ledger));
                orphans.forEach(leases::end);
            }
        }
    }

    /** Before the task may be another's, so that none is forgotten. */
    private void countLosses() throws IOException {
        for (Map.Entry<Bytes, String> lost : leases.lost(cutter.members()).entrySet()) {
            Bytes key = lost.getKey();
            JobTask task = JobTask.parseFrom(store.get(key).orElseThrow());
            JobRecord after = change(
                    require(JobKeys.jobOfTask(key)), ledger -> new LostTasks(ledger).lost(task, lost.getValue()));
            leases.end(key);
            proceed(after);
        }
    }

    /** Ends walks; close the server before, and the names after. */
    @Override
    public void close() {
        List<Walk> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(walks.values());
            walks.clear();
        }
        upkeep.close();
        running.forEach(Walk::stop);
        running.forEach(Walk::awaitEnd);
        store.close();
    }
}
