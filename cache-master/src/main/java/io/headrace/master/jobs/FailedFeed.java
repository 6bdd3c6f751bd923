package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a job that failed, as they are now. The cursor is the last path. */
final class FailedFeed implements FileFeed {
    private static final int PAGE_FILES = 256;

    private final JobStore store;
    private final long job;
    private final Lookup lookup;
    private Bytes last;

    /** Finds the present version of a path. */
    @FunctionalInterface
    interface Lookup {
        Optional<SourceFile> find(Bytes path) throws IOException;
    }

    FailedFeed(JobStore store, long job, Lookup lookup, Bytes cursor) {
        this.store = store;
        this.job = job;
        this.lookup = lookup;
        this.last = cursor;
    }

    @Override
    public Page next() throws IOException {
        List<Bytes> paths = new ArrayList<>();
        store.scan(JobKeys.failures(job), JobKeys.failure(job, last), (key, reason) -> {
            Bytes path = JobKeys.rest(key);
            if (!path.equals(last) && !path.isEmpty()) {
                paths.add(path);
            }
            return paths.size() < PAGE_FILES;
        });
        List<SourceFile> files = new ArrayList<>();
        List<Bytes> gone = new ArrayList<>();
        for (Bytes path : paths) {
            lookup.find(path).ifPresentOrElse(files::add, () -> gone.add(path));
        }
        if (!paths.isEmpty()) {
            last = paths.getLast();
        }
        return new Page(files, gone, last, paths.size() < PAGE_FILES);
    }

    @Override
    public void close() {}
}
