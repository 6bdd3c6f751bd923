package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.OpenUpload;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes at their targets the uploads that nobody goes on with: of files that failed, and of jobs that ended. They are on the
 * disk until that is done, so a new master goes on with it. Asked on one thread.
 */
final class AbandonedUploads {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedUploads.class);
    private static final int MOST_A_ROUND = 16;
    private static final int ROUNDS_LEFT_OUT = 10;

    private int leftOut;

    record Upload(long job, String token, Bytes path) {}

    /** The first of them, and what they belong to; asked under the lock of {@link Jobs}. */
    static List<Upload> find(JobStore store) throws IOException {
        List<Upload> found = new ArrayList<>();
        store.scan(JobKeys.uploads(), JobKeys.uploads(), (key, value) -> {
            OpenUpload upload = OpenUpload.parseFrom(value);
            if (upload.getAbandoned()) {
                found.add(new Upload(
                        JobKeys.jobOf(key),
                        JobKeys.rest(key).toString(),
                        Bytes.copyOf(upload.getPath().asReadOnlyByteBuffer())));
            }
            return found.size() < MOST_A_ROUND;
        });
        return found;
    }

    /** Of all jobs, one after the other, until a target does not answer; then it is left out for some rounds. */
    void abortSome(Jobs jobs) throws IOException {
        leftOut = Math.max(0, leftOut - 1);
        if (leftOut > 0) {
            return;
        }
        for (Upload upload : jobs.abandonedUploads()) {
            Optional<MigrateSpec> spec = jobs.migrate(upload.job());
            if (spec.isPresent() && !abort(spec.get(), upload)) {
                return;
            }
            jobs.forget(upload);
        }
    }

    /** Says whether nothing is left to be done for it. */
    private boolean abort(MigrateSpec spec, Upload upload) {
        try (UnderStore target = MigrateOrigins.target(spec)) {
            target.resume(new ObjectKey(upload.path()), upload.token()).abort();
            return true;
        } catch (OriginException.Unavailable e) {
            LOG.info("an unfinished upload stays for now: {}", e.getMessage());
            leftOut = ROUNDS_LEFT_OUT;
            return false;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            LOG.warn(
                    "job {}: the unfinished upload of {} at {} cannot be removed and takes space there: {}",
                    upload.job(),
                    upload.path(),
                    spec.getTarget(),
                    e.getMessage());
            return true;
        }
    }
}
