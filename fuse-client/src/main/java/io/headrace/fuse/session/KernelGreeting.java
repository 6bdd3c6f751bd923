package io.headrace.fuse.session;

import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Handshake;
import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.kernel.Reply;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestDecoder;
import io.headrace.fuse.kernel.RequestHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The first exchange on a connection: the kernel's INIT. */
public final class KernelGreeting {
    private static final int REQUEST_BYTES = 16 << 10;

    /** 16 MiB of read-ahead for a dozen streams, in READs of 1 MiB. */
    private static final int MAX_BACKGROUND = 256;

    private KernelGreeting() {}

    /**
     * Takes INIT, which waits in every freshly mounted device, and answers it.
     *
     * @throws MalformedRequestException when the kernel is too old
     */
    public static Handshake answer(FuseDevice device, boolean passthrough)
            throws IOException, MalformedRequestException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(REQUEST_BYTES, 4096);
            int length = 0;
            while (length == 0) {
                length = device.receive(buffer);
            }
            if (length < 0) {
                throw new IOException("the file system was unmounted before it was served");
            }
            MemorySegment message = buffer.asSlice(0, length);
            RequestHeader header = RequestHeader.decode(message);
            if (!(RequestDecoder.decode(header, message) instanceof Request.Init init)) {
                throw new IOException("the kernel began with request " + header.opcode() + " instead of INIT");
            }
            Handshake agreed = Handshake.accept(init.offer(), passthrough, MAX_BACKGROUND);
            new Reply(device, arena, 256).handshake(header.unique(), agreed);
            return agreed;
        }
    }
}
