package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.headrace.protocol.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Reads requests as {@code /dev/fuse} delivers them: header, then a body whose shape the opcode says. Stateless. */
public final class RequestDecoder {
    private static final int FORGET_ONE_BYTES = 16;

    private RequestDecoder() {}

    /**
     * @param message header and body, {@code message.byteSize()} bytes; not kept
     * @throws MalformedRequestException when the body is too short, or a name does not end
     */
    public static Request decode(RequestHeader header, MemorySegment message) throws MalformedRequestException {
        Optional<Opcode> known = Opcode.of(header.opcode());
        if (known.isEmpty()) {
            return new Request.Unsupported();
        }
        MemorySegment body = message.asSlice(RequestHeader.BYTES);
        return switch (known.get()) {
            case LOOKUP -> new Request.Lookup(name(body, 0));
            case FORGET -> new Request.Forget(long64(body, 0));
            case BATCH_FORGET -> batchForget(body);
            case GETATTR -> new Request.GetAttributes();
            case OPEN -> new Request.Open(int32(body, 0));
            case READ -> read(body);
            case RELEASE -> new Request.Release(long64(body, 0));
            case OPENDIR -> new Request.OpenDirectory();
            case READDIR -> readDirectory(body, false);
            case READDIRPLUS -> readDirectory(body, true);
            case RELEASEDIR -> new Request.ReleaseDirectory(long64(body, 0));
            case STATFS -> new Request.StatFileSystem();
            case ACCESS -> new Request.Access(int32(body, 0));
            case GETXATTR -> new Request.GetExtendedAttribute(name(body, 8), size(body, 0));
            case LISTXATTR -> new Request.ListExtendedAttributes(size(body, 0));
            case IOCTL -> new Request.Ioctl(int32(body, 12));
            case LSEEK -> new Request.Seek(long64(body, 0), long64(body, 8), int32(body, 16));
            case INTERRUPT -> new Request.Interrupt(long64(body, 0));
            case INIT -> new Request.Init(KernelOffer.decode(body));
            case DESTROY -> new Request.Destroy();
            case FSYNC, FSYNCDIR -> new Request.Synchronize();
            case READLINK -> new Request.ReadLink();
            case SETATTR,
                    SYMLINK,
                    MKNOD,
                    MKDIR,
                    UNLINK,
                    RMDIR,
                    RENAME,
                    RENAME2,
                    LINK,
                    WRITE,
                    SETXATTR,
                    REMOVEXATTR,
                    CREATE,
                    FALLOCATE,
                    COPY_FILE_RANGE,
                    COPY_FILE_RANGE_64,
                    TMPFILE -> new Request.Modify();
            case FLUSH, GETLK, SETLK, SETLKW, BMAP, POLL, NOTIFY_REPLY, SETUPMAPPING, REMOVEMAPPING, SYNCFS, STATX ->
                new Request.Unsupported();
        };
    }

    private static Request read(MemorySegment body) throws MalformedRequestException {
        long offset = long64(body, 8);
        if (offset < 0) {
            throw new MalformedRequestException("a read at offset " + offset);
        }
        return new Request.Read(long64(body, 0), offset, size(body, 16));
    }

    private static Request readDirectory(MemorySegment body, boolean withAttributes) throws MalformedRequestException {
        return new Request.ReadDirectory(long64(body, 0), long64(body, 8), size(body, 16), withAttributes);
    }

    private static Request batchForget(MemorySegment body) throws MalformedRequestException {
        int count = int32(body, 0);
        if (count < 0 || 8 + (long) count * FORGET_ONE_BYTES > body.byteSize()) {
            throw new MalformedRequestException(count + " forgets in " + body.byteSize() + " bytes");
        }
        return new Request.BatchForget(count);
    }

    private static Bytes name(MemorySegment body, long from) throws MalformedRequestException {
        // In an array: the first compiler, which is all that a mount runs with, makes a slow loop of segment accesses.
        byte[] rest = body.asSlice(Math.min(from, body.byteSize())).toArray(JAVA_BYTE);
        for (int end = 0; end < rest.length; end++) {
            if (rest[end] == 0) {
                return Bytes.copyOf(rest, 0, end);
            }
        }
        throw new MalformedRequestException("a name without an end, in a body of " + body.byteSize() + " bytes");
    }

    private static int size(MemorySegment body, long at) throws MalformedRequestException {
        int size = int32(body, at);
        if (size < 0) {
            throw new MalformedRequestException("a size of " + Integer.toUnsignedString(size) + " bytes");
        }
        return size;
    }

    private static int int32(MemorySegment body, long at) throws MalformedRequestException {
        require(body, at + 4);
        return body.get(JAVA_INT_UNALIGNED, at);
    }

    private static long long64(MemorySegment body, long at) throws MalformedRequestException {
        require(body, at + 8);
        return body.get(JAVA_LONG_UNALIGNED, at);
    }

    private static void require(MemorySegment body, long bytes) throws MalformedRequestException {
        if (body.byteSize() < bytes) {
            throw new MalformedRequestException("a body of " + body.byteSize() + " bytes where " + bytes + " are due");
        }
    }
}
