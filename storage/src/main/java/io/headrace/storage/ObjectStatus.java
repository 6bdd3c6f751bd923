package io.headrace.storage;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag;
import java.time.Instant;

/** What an origin says of an object, from a listing or a head; both say the same of the same content. */
public record ObjectStatus(ObjectKey key, long lengthBytes, Instant modified, VersionTag tag) {
    public FileVersion version(MountId mount) {
        return new FileVersion(mount, key, lengthBytes, tag);
    }
}
