package io.headrace.master.jobs;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.OpenUpload;
import java.io.IOException;

/** Writes down which uploads of a job are open at its target, so that none is forgotten there. */
record Uploads(JobStore.Batch batch, long job) {
    void opened(String token, Bytes path) {
        put(token, path, false);
    }

    /** Nobody goes on with it: to be aborted. */
    void abandoned(String token, Bytes path) {
        put(token, path, true);
    }

    /** As many as the job has in the store. */
    void abandonAll(JobStore store) throws IOException {
        store.scan(JobKeys.uploads(job), JobKeys.uploads(job), (key, value) -> {
            abandoned(
                    JobKeys.rest(key).toString(),
                    Bytes.copyOf(OpenUpload.parseFrom(value).getPath().asReadOnlyByteBuffer()));
            return true;
        });
    }

    private void put(String token, Bytes path, boolean abandoned) {
        batch.put(
                JobKeys.upload(job, token),
                OpenUpload.newBuilder()
                        .setPath(ByteString.copyFrom(path.asByteBuffer()))
                        .setAbandoned(abandoned)
                        .build()
                        .toByteArray());
    }

    /** It is an object now, or nothing. */
    void closed(String token) {
        batch.delete(JobKeys.upload(job, token));
    }
}
