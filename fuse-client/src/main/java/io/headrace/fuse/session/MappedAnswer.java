package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Reply;
import io.headrace.protocol.ByteRange;
import io.headrace.store.PinnedBytes;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A READ that is answered from where the store has the bytes. */
record MappedAnswer(long unique, OpenFile file, ByteRange range) {
    private static final Logger LOG = LoggerFactory.getLogger(MappedAnswer.class);

    /**
     * Takes over the bytes.
     *
     * @return false when they cannot be read. Then they are dropped, and the kernel, which asks for them again, gets others
     */
    boolean write(Reply reply, PinnedBytes bytes) {
        file.replies().begin(range);
        try {
            boolean readable;
            try (bytes) {
                readable = reply.data(unique, bytes.segments());
            }
            if (!readable) {
                dropUnreadable();
            }
            return readable;
        } finally {
            file.replies().end(range);
        }
    }

    private void dropUnreadable() {
        try {
            boolean dropped = file.cached().recheck(range);
            LOG.warn(
                    "{} of {} cannot be read from the cache; {}",
                    range,
                    file.entry().version(),
                    dropped ? "it is fetched again" : "it matches its checksum now");
        } catch (IOException e) {
            LOG.warn(
                    "{} of {} cannot be read from the cache, nor checked",
                    range,
                    file.entry().version(),
                    e);
        }
    }
}
