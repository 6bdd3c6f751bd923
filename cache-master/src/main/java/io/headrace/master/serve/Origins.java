package io.headrace.master.serve;

import io.headrace.protocol.MountId;
import java.io.IOException;
import java.util.Optional;

/** Which names are of which origin. Thread-safe. */
@FunctionalInterface
interface Origins {
    /**
     * @param id of a name, or the root's
     * @return empty for directories that are of no origin, but lead to some
     * @throws java.nio.file.NoSuchFileException when nothing has this id any more
     */
    Optional<MountId> of(long id) throws IOException;
}
