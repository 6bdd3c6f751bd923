package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.util.List;

/** The files of a job, in pages, each as large as memory should hold. Not thread-safe. */
interface FileFeed extends AutoCloseable {
    /**
     * @param gone of what failed before: what is not there any more
     * @param cursor where a feed that begins behind this page begins
     */
    record Page(List<SourceFile> files, List<Bytes> gone, Bytes cursor, boolean end) {}

    /**
     * @throws io.headrace.protocol.OriginException.Unavailable when the same call may succeed later
     * @throws IOException when it will not
     */
    Page next() throws IOException;

    @Override
    void close();
}
