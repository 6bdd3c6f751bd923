package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.JobStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a migrate's target was listed with and its source was not. The cursor is the last key. */
final class SurplusPages implements WalkedPages {
    private static final int PAGE_FILES = 512;

    private final JobStore store;
    private final long job;
    private Bytes last;

    SurplusPages(JobStore store, long job, Bytes cursor) {
        this.store = store;
        this.job = job;
        this.last = cursor;
    }

    @Override
    public Page next() throws IOException {
        Map<Bytes, byte[]> files = new LinkedHashMap<>();
        store.scan(JobKeys.listed(job), JobKeys.listed(job, last), (key, version) -> {
            Bytes path = JobKeys.rest(key);
            if (!path.equals(last)) {
                files.put(path, version);
                return files.size() < PAGE_FILES;
            }
            return true;
        });
        boolean end = files.size() < PAGE_FILES;
        last = files.keySet().stream().reduce(last, (_, later) -> later);
        return new Page(ledger -> enter(ledger, files), last, end);
    }

    private static void enter(Ledger ledger, Map<Bytes, byte[]> files) throws IOException {
        CopyLedger copies = new CopyLedger(ledger);
        if (!files.isEmpty() && isMistake(ledger.status())) {
            refuse(copies, ledger.status());
            return;
        }
        for (Map.Entry<Bytes, byte[]> file : files.entrySet()) {
            copies.surplus(file.getKey(), file.getValue());
        }
        copies.flush();
    }

    private static void refuse(CopyLedger copies, JobStatus.Builder status) throws IOException {
        if (status.getFilesFailed() == 0) {
            copies.failed(
                    Bytes.EMPTY,
                    "the source has no file that is chosen, so --delete would remove all that the target has of them."
                            + " Nothing was removed. Check the source; if it is right, say --delete-all, too");
        }
    }

    /** An empty source is more often one that is misspelt, or whose disk is not there, than one to be followed. */
    private static boolean isMistake(JobStatus.Builder status) {
        return status.getFilesTotal() == 0 && !status.getSpec().getMigrate().getDeleteAll();
    }

    @Override
    public void close() {}
}
