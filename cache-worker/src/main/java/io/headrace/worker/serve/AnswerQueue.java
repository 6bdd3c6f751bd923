package io.headrace.worker.serve;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one connection was asked, and the frames that it answers with, in order. A request waits until it is begun; begun,
 * it becomes {@link Slot}s: one for each frame of a READ, one in all for others. At most {@value #MOST_AHEAD} slots are
 * there at a time, which bounds what a connection pins. An OPEN holds back what is behind it until the file is open. Event
 * loop only.
 */
final class AnswerQueue {
    /** Frames that are read, or wait to be written, at a time: enough to keep a socket busy while the store looks. */
    static final int MOST_AHEAD = 4;

    /** Requests that are taken from the client before the first is answered. */
    static final int MOST_REQUESTS = 16;

    /** File numbers that a connection may bind. */
    static final int MOST_FILES = 256;

    /** 64 TiB: more than any origin keeps in one object, and what a store can have a map of. */
    static final long MOST_FILE_BYTES = 1L << 46;

    private final StoreReads reads;
    private final ConnectionTable table;
    private final Authorizer.Access access;
    private final long readTimeoutNanos;

    private final boolean hinted;
    private final Loop loop;

    private final Deque<BlockRequest> waiting = new ArrayDeque<>();
    private final Deque<Slot> slots = new ArrayDeque<>();
    private final Map<Integer, ServedFile> files = new HashMap<>();
    private @Nullable ReadCursor cursor;
    private @Nullable Failure lastWords;
    private long begun;
    private boolean opening;
    private boolean ended;

    /** @param hinted the client hears of hot blocks */
    AnswerQueue(ServerTools tools, Authorizer.Access access, boolean hinted, Loop loop) {
        this.reads = tools.reads();
        this.table = tools.table();
        this.readTimeoutNanos = tools.settings().readTimeout().toNanos();
        this.access = access;
        this.hinted = hinted;
        this.loop = loop;
    }

    /** The connection's event loop. */
    interface Loop {
        /** Runs the task there, soon; on any thread. */
        void run(Runnable task, Runnable whenItIsGone);
    }

    /** How far a READ has become slots. */
    private static final class ReadCursor {
        private final BlockRequest.Read request;
        private final ServedFile file;
        private final long order;
        private final long deadline;
        private long position;

        ReadCursor(BlockRequest.Read request, ServedFile file, long order, long deadline) {
            this.request = request;
            this.file = file;
            this.order = order;
            this.deadline = deadline;
            this.position = request.range().offset();
        }

        boolean isAtEnd() {
            return position == request.range().end();
        }

        /** The next frame's range: up to where the offset is a multiple of the frame size. */
        ByteRange next() {
            int frame = request.terms().frameBytes();
            long end = Math.min(request.range().end(), position / frame * frame + frame);
            ByteRange range = ByteRange.between(position, end);
            position = end;
            return range;
        }
    }

    boolean isFull() {
        return waiting.size() >= MOST_REQUESTS;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && slots.isEmpty() && cursor == null && lastWords == null;
    }

    void ask(BlockRequest request) {
        waiting.add(request);
    }

    /** Says a failure that answers no request, behind all answers. */
    void say(Failure failure) {
        lastWords = failure;
    }

    /** Turns requests into slots, as far as may be. */
    void begin() {
        while (!ended && !opening && slots.size() < MOST_AHEAD) {
            if (cursor != null) {
                advance(cursor);
            } else if (!waiting.isEmpty()) {
                begin(waiting.remove());
            } else if (lastWords != null) {
                answer(new BlockRequest.Ping(0), Optional.of(lastWords));
                lastWords = null;
            } else {
                return;
            }
        }
    }

    /** The next frame to write, when it is there; the caller owns it. */
    Optional<Frame> next() {
        Slot head = slots.peek();
        Frame frame = head == null ? null : head.frame();
        if (head == null || frame == null) {
            return Optional.empty();
        }
        slots.remove();
        if (frame.head().status() != Status.OK) {
            dropRest(head.order());
        }
        return Optional.of(frame);
    }

    /** The request that the next frame is of, while that frame is worked on. */
    Optional<BlockRequest> workedOn() {
        Slot head = slots.peek();
        return head == null || head.frame() != null ? Optional.empty() : Optional.of(head.request());
    }

    /** Fails what is late. */
    void expire(long now) {
        Slot head = slots.peek();
        if (head != null && head.isLate(now) && head.request().opcode() == Opcode.READ) {
            head.fill(Frame.failed(
                    head.request(), Failure.of(Status.DEADLINE_PASSED, "the bytes did not come before the deadline")));
        }
    }

    /** Lets everything go. */
    void end() {
        ended = true;
        waiting.clear();
        slots.forEach(Slot::abandon);
        slots.clear();
        dropCursor();
        files.values().forEach(ServedFile::release);
        files.clear();
    }

    private void begin(BlockRequest request) {
        switch (request) {
            case BlockRequest.Open open -> beginOpen(open);
            case BlockRequest.Read read -> beginRead(read);
            case BlockRequest.Close close -> {
                ServedFile file = files.remove(close.file());
                if (file != null) {
                    file.release();
                }
                answer(request, file == null ? Optional.of(unknown(close.file())) : Optional.empty());
            }
            case BlockRequest.Ping ping -> answer(request, Optional.empty());
        }
    }

    private void beginRead(BlockRequest.Read read) {
        ServedFile file = files.get(read.file());
        if (file == null) {
            answer(read, Optional.of(unknown(read.file())));
            return;
        }
        Optional<String> notPermitted = access.refusal(file.file().version().mount());
        if (notPermitted.isPresent()) {
            answer(read, Optional.of(Failure.of(Status.UNAUTHORIZED, notPermitted.get())));
            return;
        }
        ByteRange range = read.range();
        if (range.isEmpty()
                || range.length() > BlockProtocol.MOST_READ_BYTES
                || !file.file().version().wholeFile().contains(range)) {
            String message = range + " is no range of 1 byte to 8 MiB inside a file of "
                    + file.file().version().lengthBytes() + " bytes";
            answer(read, Optional.of(Failure.of(Status.BAD_REQUEST, message)));
            return;
        }
        long asked = TimeUnit.MILLISECONDS.toNanos(read.terms().deadlineMillis());
        long patience = asked == 0 ? readTimeoutNanos : Math.min(asked, readTimeoutNanos);
        cursor = new ReadCursor(read, file.use(), begun++, System.nanoTime() + patience);
    }

    private void advance(ReadCursor reading) {
        Slot slot = new Slot(reading.request, reading.order, reading.deadline);
        slots.add(slot);
        PieceRead.Piece piece = new PieceRead.Piece(reading.request, reading.file.use(), reading.next(), hinted);
        if (reading.isAtEnd()) {
            dropCursor();
        }
        new PieceRead(reads, slot, piece, frame -> loop.run(() -> slot.fill(frame), frame::release)).start();
    }

    private void beginOpen(BlockRequest.Open open) {
        Optional<Failure> refusal = refusal(open);
        if (refusal.isPresent()) {
            answer(open, refusal);
            return;
        }
        opening = true;
        Slot slot = new Slot(open, begun++, 0);
        slots.add(slot);
        OpenTask task = new OpenTask(open, slot);
        reads.run(task::failed, task);
    }

    /** Opens a file; any thread but for what it brings to the loop. */
    private final class OpenTask implements Runnable {
        private final BlockRequest.Open request;
        private final Slot slot;

        OpenTask(BlockRequest.Open request, Slot slot) {
            this.request = request;
            this.slot = slot;
        }

        @Override
        public void run() {
            try {
                ServedFile file = reads.open(request.version());
                loop.run(() -> opened(file), file::release);
            } catch (IOException e) {
                failed(Failure.of(e));
            }
        }

        private void opened(ServedFile file) {
            opening = false;
            if (ended) {
                file.release();
            } else {
                files.put(request.file(), file);
                slot.fill(Frame.done(request));
            }
        }

        private void failed(Failure failure) {
            table.closedFile();
            loop.run(
                    () -> {
                        opening = false;
                        slot.fill(Frame.failed(request, failure));
                    },
                    () -> {});
        }
    }

    /** Counts the file in the table when there is none. */
    private Optional<Failure> refusal(BlockRequest.Open open) {
        if (files.containsKey(open.file()) || files.size() >= MOST_FILES) {
            String message = "number " + Integer.toUnsignedString(open.file()) + " is bound, or " + MOST_FILES
                    + " others are: close one";
            return Optional.of(Failure.of(Status.BAD_REQUEST, message));
        }
        if (open.version().lengthBytes() > MOST_FILE_BYTES) {
            return Optional.of(Failure.of(Status.BAD_REQUEST, "no file has more than 64 TiB: " + open.version()));
        }
        Optional<String> notPermitted = access.refusal(open.version().mount());
        if (notPermitted.isPresent()) {
            return Optional.of(Failure.of(Status.UNAUTHORIZED, notPermitted.get()));
        }
        return table.openFile()
                ? Optional.empty()
                : Optional.of(Failure.of(Status.OVERLOADED, "the worker has too many files open"));
    }

    private void answer(BlockRequest request, Optional<Failure> failure) {
        Slot slot = new Slot(request, begun++, 0);
        slot.fill(failure.map(why -> Frame.failed(request, why)).orElseGet(() -> Frame.done(request)));
        slots.add(slot);
    }

    /** After a failure the rest of a READ's frames is not wanted. */
    private void dropRest(long order) {
        while (!slots.isEmpty() && slots.peek().order() == order) {
            slots.remove().abandon();
        }
        if (cursor != null && cursor.order == order) {
            dropCursor();
        }
    }

    private void dropCursor() {
        if (cursor != null) {
            cursor.file.release();
            cursor = null;
        }
    }

    private static Failure unknown(int file) {
        return Failure.of(Status.UNKNOWN_FILE, "number " + Integer.toUnsignedString(file) + " is bound to no file");
    }
}
