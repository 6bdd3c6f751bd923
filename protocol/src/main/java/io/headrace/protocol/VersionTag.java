package io.headrace.protocol;

/** What an origin says to tell one content of an object from the next, beside its length. */
public sealed interface VersionTag {
    /** An HTTP entity tag as the origin sent it, quotes included; sent back as {@code If-Match}. RFC 9110, 8.8.3. */
    record EntityTag(String value) implements VersionTag {
        public EntityTag {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("an entity tag is not empty");
            }
        }
    }

    /**
     * For origins without entity tags (files, HDFS, plain HTTP servers).
     *
     * @param modifiedNanos last modification, nanoseconds since the epoch, as exact as the origin knows it
     * @param fileId inode or HDFS file id, 0 where the origin has none
     */
    record ModificationTag(long modifiedNanos, long fileId) implements VersionTag {}
}
