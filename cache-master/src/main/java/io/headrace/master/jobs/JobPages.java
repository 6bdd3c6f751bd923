package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Says what the walk of a job's round goes over, from where the job is. */
record JobPages(JobStore store, Namespace names, Cutter cutter) {
    WalkedPages of(JobRecord record) {
        Bytes cursor = Bytes.copyOf(record.getCursor().asReadOnlyByteBuffer());
        JobSpec spec = record.getStatus().getSpec();
        long id = record.getStatus().getId();
        if (spec.hasMigrate()) {
            return record.getRound() == 0
                    ? new MigratePages(spec.getMigrate(), cursor)
                    : new SurplusPages(store, id, cursor);
        }
        return new LoadPages(
                spec.getLoad(),
                cutter,
                record.getFailedOnly()
                        ? new FailedFeed(store, id, this::find, cursor)
                        : new CatalogFeed(names, spec.getLoad().getPathsList(), cursor));
    }

    /** Whether nothing is left to be walked over behind the job's round. */
    static boolean isLastRound(JobRecord record) {
        JobSpec spec = record.getStatus().getSpec();
        return spec.hasMigrate()
                ? record.getRound() == 1 || !spec.getMigrate().getDelete()
                : record.getRound() == Ledger.LAST_ROUND || (record.getRound() == 1 && record.getRoundFetched() == 0);
    }

    private Optional<SourceFile> find(Bytes path) throws IOException {
        try {
            return names.find(path)
                    .filter(Entry.FileEntry.class::isInstance)
                    .map(entry -> new SourceFile(path, ((Entry.FileEntry) entry).version()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
