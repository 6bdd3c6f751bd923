package io.headrace.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.headrace.fuse.kernel.DevicePoll;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.kernel.Opcode;
import io.headrace.fuse.kernel.Reply;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the threads of a session do: take a request, have it handled, until the connection ends.
 *
 * <p><b>One waits at a time.</b> Who has the turn waits at the device; so a request wakes one thread and not whichever
 * has slept longest. A request that is answered at once is handled with the turn kept. One that may take its time, a copy
 * of many bytes or a question to the namespace, is handled after the turn went to the next thread.
 *
 * <p><b>A look before sleep.</b> A program that opens, reads and closes one small file after the other sends a request
 * each ten or twenty microseconds, and to be woken takes as long. After such a request the thread looks at the device for
 * 50 µs before it sleeps there.
 */
final class RequestLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);

    /** The kernel wants 8 KiB at least; names and forgets fit, and nothing is ever written. */
    private static final int REQUEST_BYTES = 16 << 10;

    private static final int REPLY_BYTES = 256 << 10;
    private static final int OPCODE_AT = 4;
    private static final int READ_SIZE_AT = 56;
    private static final int BRIEF_READ = 128 << 10;

    /** These never ask the namespace for what an origin must tell. */
    private static final Set<Opcode> BRIEF = EnumSet.of(
            Opcode.OPEN,
            Opcode.RELEASE,
            Opcode.RELEASEDIR,
            Opcode.GETATTR,
            Opcode.GETXATTR,
            Opcode.ACCESS,
            Opcode.FORGET,
            Opcode.BATCH_FORGET,
            Opcode.INTERRUPT);

    /** Where there is one processor only, who looks keeps it from who would ask. */
    private static final long LOOK_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 50_000 : 0;

    private final FuseDevice device;
    private final Dispatcher dispatcher;
    private final FuseMetrics metrics;
    private final Semaphore turn;

    /** @param turn one permit, shared by the threads of the session */
    RequestLoop(FuseDevice device, Dispatcher dispatcher, FuseMetrics metrics, Semaphore turn) {
        this.device = device;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
        this.turn = turn;
    }

    @Override
    public void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(REQUEST_BYTES, 4096);
            Reply reply = new Reply(device, arena, REPLY_BYTES);
            DevicePoll poll = new DevicePoll(device, arena);
            for (int length = next(buffer, reply, poll); length >= 0; length = next(buffer, reply, poll)) {
                handle(buffer.asSlice(0, length), reply);
            }
        } catch (Throwable failure) {
            LOG.error("a thread that answers the kernel ends", failure);
        }
    }

    /** Has the turn, and answers what is answered at once. @return the length of a request that may last; -1 at the end */
    private int next(MemorySegment buffer, Reply reply, DevicePoll poll) throws IOException {
        turn.acquireUninterruptibly();
        try {
            int length = device.receive(buffer);
            while (length == 0 || (length > 0 && isBrief(buffer))) {
                if (length > 0) {
                    handle(buffer.asSlice(0, length), reply);
                    poll.await(LOOK_NANOS);
                }
                length = device.receive(buffer);
            }
            return length;
        } finally {
            turn.release();
        }
    }

    private static boolean isBrief(MemorySegment message) {
        Optional<Opcode> opcode = Opcode.of(message.get(JAVA_INT_UNALIGNED, OPCODE_AT));
        return opcode.isPresent()
                && (BRIEF.contains(opcode.get())
                        || (opcode.get() == Opcode.READ
                                && message.get(JAVA_INT_UNALIGNED, READ_SIZE_AT) <= BRIEF_READ));
    }

    private void handle(MemorySegment message, Reply reply) {
        try {
            dispatcher.handle(message, reply);
        } catch (MalformedRequestException unanswerable) {
            metrics.malformed();
            LOG.error("the kernel sent what cannot be answered: {}", unanswerable.getMessage());
        }
    }
}
