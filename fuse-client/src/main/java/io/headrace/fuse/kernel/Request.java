package io.headrace.fuse.kernel;

import io.headrace.protocol.Bytes;

/** What the kernel asks for, without its {@link RequestHeader}. */
public sealed interface Request {
    /** @param name bytes without {@code NUL} and {@code '/'}; may be too long, {@code "."} or {@code ".."} */
    record Lookup(Bytes name) implements Request {}

    /** The kernel dropped {@code lookups} of the references that replies gave it. No reply. */
    record Forget(long lookups) implements Request {}

    /** Several forgets in one. No reply. */
    record BatchForget(int count) implements Request {}

    record GetAttributes() implements Request {}

    /** @param flags those of open(2) */
    record Open(int flags) implements Request {
        private static final int ACCESS_MODE = 3;

        public boolean isForWriting() {
            return (flags & ACCESS_MODE) != 0;
        }
    }

    record Read(long handle, long offset, int size) implements Request {}

    record Release(long handle) implements Request {}

    record OpenDirectory() implements Request {}

    /** @param withAttributes READDIRPLUS: each entry counts as a lookup */
    record ReadDirectory(long handle, long offset, int size, boolean withAttributes) implements Request {}

    record ReleaseDirectory(long handle) implements Request {}

    record StatFileSystem() implements Request {}

    /** @param mask of access(2): 4 read, 2 write, 1 execute */
    record Access(int mask) implements Request {
        public boolean isForWriting() {
            return (mask & 2) != 0;
        }
    }

    /** @param size the room for the value; 0 asks for its length */
    record GetExtendedAttribute(Bytes name, int size) implements Request {}

    /** @param size the room for the names; 0 asks for their length */
    record ListExtendedAttributes(int size) implements Request {}

    record Ioctl(int command) implements Request {}

    /** @param whence 3 {@code SEEK_DATA}, 4 {@code SEEK_HOLE} */
    record Seek(long handle, long offset, int whence) implements Request {}

    /** The one who waits for request {@code unique} got a signal. No reply. */
    record Interrupt(long unique) implements Request {}

    /** The first message of a connection. */
    record Init(KernelOffer offer) implements Request {}

    /** The file system is going away. */
    record Destroy() implements Request {}

    /** fsync of a file or directory; nothing here is ever dirty. */
    record Synchronize() implements Request {}

    /** Anything that would change the tree or a file. */
    record Modify() implements Request {}

    record ReadLink() implements Request {}

    /** What this file system does not have, or a newer kernel's request. */
    record Unsupported() implements Request {}
}
