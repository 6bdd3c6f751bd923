package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.LoadSpec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** The loads that make copies of what is pinned: jobs like others, which nobody asked for. Thread-safe. */
public final class PinLoads {
    private final Jobs jobs;
    private final Namespace names;

    public PinLoads(Jobs jobs, Namespace names) {
        this.jobs = jobs;
        this.names = names;
    }

    /**
     * A path as jobs write it.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static String tidy(String path) {
        String tidied = LoadPaths.tidy(path);
        LoadPaths.requirePath(tidied);
        return tidied;
    }

    /** Whether a path names something now; also when its origin cannot be asked, which the load then says. */
    public boolean isThere(String path) throws IOException {
        try {
            return path.isEmpty() || names.find(Bytes.utf8(path)).isPresent();
        } catch (NoSuchFileException e) {
            return false;
        } catch (OriginException trouble) {
            return true;
        }
    }

    /**
     * Bytes of the files that a path names, which takes a walk over them.
     *
     * @throws NoSuchFileException when it names nothing
     */
    public long bytesBelow(String path) throws IOException {
        long bytes = 0;
        try (CatalogFeed files = new CatalogFeed(names, List.of(path), Bytes.EMPTY)) {
            FileFeed.Page page;
            do {
                page = files.next();
                bytes += page.files().stream()
                        .mapToLong(file -> file.version().lengthBytes())
                        .sum();
            } while (!page.end());
        }
        return bytes;
    }

    /**
     * @param round of the sweep; positive
     * @return the job's id; empty when as many jobs run as may
     */
    public Optional<Long> start(List<String> paths, int replicas, long round) throws IOException {
        JobSpec spec = JobSpec.newBuilder()
                .setLoad(LoadSpec.newBuilder().addAllPaths(paths).setReplicas(replicas))
                .setPinRound(round)
                .build();
        try {
            return Optional.of(jobs.submit(spec).getId());
        } catch (JobRefusedException e) {
            return Optional.empty();
        }
    }

    /** How it stands with a job; empty when it was forgotten. */
    public Optional<JobStatus> status(long job) throws IOException {
        try {
            return Optional.of(jobs.get(job));
        } catch (NoSuchJobException e) {
            return Optional.empty();
        }
    }

    /** Whether one runs, be it of an earlier master. */
    public boolean anyRuns() {
        return jobs.pinsAreHealing();
    }

    /** A sweep saw every copy: workers let go what only earlier ones named. */
    public void healed(long round) {
        jobs.healed(round);
    }
}
