package io.headrace.master.catalog;

import io.headrace.protocol.VersionTag;
import io.headrace.storage.ObjectStatus;
import java.time.Instant;

/** What the catalog stores of one name. The name, the directory and the key are in the row's place. */
sealed interface Row {
    long id();

    /** The number of the mount whose names these are; {@link #NO_MOUNT} for directories above mounts. */
    int mount();

    int NO_MOUNT = 0;

    record FileRow(long id, int mount, long lengthBytes, Instant modified, VersionTag tag) implements Row {
        static FileRow of(long id, int mount, ObjectStatus status) {
            return new FileRow(id, mount, status.lengthBytes(), status.modified(), status.tag());
        }

        /** Whether both are the same version; a new time alone makes no new version. */
        boolean isVersion(ObjectStatus status) {
            return lengthBytes == status.lengthBytes() && tag.equals(status.tag());
        }
    }

    /**
     * @param listed whether every full listing that the mount counts as done has seen all that is inside
     * @param pinned a mount's own directory or one above it: it is there whatever the origins say
     */
    record DirectoryRow(long id, int mount, Instant modified, boolean listed, boolean pinned) implements Row {
        DirectoryRow touched(Instant now) {
            return new DirectoryRow(id, mount, now, listed, pinned);
        }

        DirectoryRow asListed() {
            return new DirectoryRow(id, mount, modified, true, pinned);
        }
    }
}
