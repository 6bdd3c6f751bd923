package io.headrace.protocol;

/**
 * One content of one object, for ever: the key of everything cached. Two reads of an equal version return equal bytes;
 * a replaced object has another version. See design 3.1.
 *
 * @param lengthBytes the object's length
 */
public record FileVersion(MountId mount, ObjectKey key, long lengthBytes, VersionTag tag) {
    public FileVersion {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("negative length: " + lengthBytes);
        }
    }

    public ByteRange wholeFile() {
        return new ByteRange(0, lengthBytes);
    }

    @Override
    public String toString() {
        return mount + ":" + key + " (" + lengthBytes + " bytes, " + tag + ")";
    }
}
