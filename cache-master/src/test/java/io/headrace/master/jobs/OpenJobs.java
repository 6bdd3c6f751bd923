package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.LoadSpec;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.TaskReport;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The jobs of a master over a folder of files, with the time and the members in the test's hands. */
final class OpenJobs implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(45);
    static final JobsSettings SETTINGS = JobsSettings.defaults();

    private final Path directory;
    private final Path source;
    private final UnderStore origin;
    private final Catalog catalog;
    private final AtomicReference<ClusterView> view = new AtomicReference<>(ClusterView.NONE);
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private Jobs jobs;

    OpenJobs(Path directory) throws IOException {
        this.directory = directory;
        this.source = Files.createDirectory(directory.resolve("source"));
        this.origin = UnderStores.open(source.toUri(), UnderStoreOptions.defaults());
        this.catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        this.jobs = openJobs();
    }

    private Jobs openJobs() throws IOException {
        ClusterViews views = new ClusterViews() {
            @Override
            public ClusterView current() {
                return view.get();
            }

            @Override
            public List<ClusterView> earlier() {
                return List.of();
            }
        };
        return Jobs.open(
                directory.resolve("jobs"),
                SETTINGS,
                new Jobs.Surroundings(
                        catalog, views, Clock.systemUTC(), now::get, FaultPoints.NONE, new SimpleMeterRegistry()));
    }

    /** Another master, with the disk of this one. */
    void startAgain() throws IOException {
        jobs.close();
        jobs = openJobs();
    }

    void file(String name, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(source.resolve(name).toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    void members(List<String> active, List<String> draining) {
        List<Worker> workers = new ArrayList<>();
        active.forEach(name -> workers.add(worker(name, WorkerState.ACTIVE)));
        draining.forEach(name -> workers.add(worker(name, WorkerState.DRAINING)));
        view.set(new ClusterView(view.get().epoch() + 1, workers));
    }

    private static Worker worker(String name, WorkerState state) {
        return new Worker(
                new WorkerId(name),
                new Endpoint("127.0.0.1", 1),
                new Topology(name, Optional.empty(), Optional.empty()),
                100,
                state);
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    JobStatus migrate() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        return listed(jobs.submit(JobSpec.newBuilder()
                .setMigrate(MigrateSpec.newBuilder()
                        .setSource(source.toUri().toString())
                        .setTarget(target.toUri().toString()))
                .build()));
    }

    JobStatus load() throws IOException {
        catalog.mount("data", origin, MountSettings.defaults());
        return listed(jobs.submit(JobSpec.newBuilder()
                .setLoad(LoadSpec.newBuilder().addPaths("data"))
                .build()));
    }

    JobStatus retry(long id) throws IOException {
        return listed(jobs.retry(id));
    }

    private JobStatus listed(JobStatus begun) {
        return await().atMost(PATIENCE).until(() -> status(begun.getId()), job -> !job.getCounting());
    }

    JobStatus status(long id) throws IOException {
        return jobs.get(id);
    }

    List<JobTask> lease(String worker) throws IOException {
        return jobs.lease(worker, 4);
    }

    boolean giveBack(String worker, JobTask task) throws IOException {
        return jobs.report(
                worker,
                TaskReport.newBuilder().setId(task.getId()).setGivenBack(true).build());
    }

    boolean goesOn(String worker, JobTask task) throws IOException {
        return jobs.report(worker, TaskReport.newBuilder().setId(task.getId()).build());
    }

    /** It went well. */
    void done(String worker, JobTask task) throws IOException {
        TaskReport.Builder report = TaskReport.newBuilder().setId(task.getId()).setEnded(true);
        for (JobItem _ : task.getItemsList()) {
            report.addResults(ItemResult.newBuilder().setUpload("token"));
        }
        assertThat(jobs.report(worker, report.build())).isTrue();
    }

    @Override
    public void close() throws IOException {
        jobs.close();
        catalog.close();
        origin.close();
    }
}
