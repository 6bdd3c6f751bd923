package io.headrace.client.block;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.FrameChecksum;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.RequestCodec;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.cluster.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a worker, on which one range is read at a time. A frame's bytes go straight into the caller's buffer where
 * it has room for all of them, and are summed before the caller is told of them. Any failure but a worker's orderly refusal
 * of a request ends the connection. For one thread at a time; any may close it.
 *
 * <p>An OPEN goes out with the READ that needs it, and the file stays open for the next; the one not read for longest is
 * closed to make room. Their answers come before the READ's and are taken then.
 */
final class BlockConnection {
    private static final int MOST_OPEN_FILES = 64;

    /** How long the worker may say later than asked that the deadline passed. */
    private static final long GRACE_NANOS = 2_000_000_000L;

    private final PeerLink link;
    private final Bytes token;
    private final ConnectionWatch watch;
    private final HotHints hints;
    private final Map<FileVersion, Integer> files = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<BlockRequest> unanswered = new ArrayDeque<>();
    private final ByteBuffer head = ByteBuffer.allocateDirect(ResponseHead.BYTES);
    private int mostFiles;
    private int nextFile;
    private long nextId;

    private BlockRequest.@Nullable Read reading;
    private @Nullable FileVersion version;
    private long position;
    private long deadlineAt;
    private volatile boolean workedOn;

    /** A frame that was longer than the caller's buffer, and was compared with its checksum. */
    private ByteBuffer rest = ByteBuffer.allocate(0);

    private BlockConnection(PeerLink link, WorkerConnections all) {
        this.link = link;
        this.token = all.token();
        this.watch = all.watch();
        this.hints = all.hints();
    }

    /** One that is to be opened. */
    static BlockConnection to(Worker worker, WorkerConnections all) throws IOException {
        PeerLink link = new PeerLink(worker, all.wire(worker), all.settings().stallTimeout());
        return new BlockConnection(link, all);
    }

    /**
     * Connects and says HELLO.
     *
     * @throws PeerException when the worker refuses
     */
    void open(Duration timeout) throws IOException {
        watch.add(this);
        boolean greeted = false;
        try {
            link.connect(timeout);
            greet();
            greeted = true;
        } finally {
            if (!greeted) {
                close();
            }
        }
    }

    /**
     * Asks for a range; {@link #read} brings it.
     *
     * @param terms with a deadline
     */
    void begin(FileVersion wanted, ByteRange range, ReadTerms terms) throws IOException {
        if (reading != null) {
            throw new IllegalStateException("the last range was not read to its end");
        }
        List<BlockRequest> requests = new ArrayList<>(3);
        int file = fileOf(wanted, requests);
        BlockRequest.Read read = new BlockRequest.Read(nextId++, file, range, terms);
        requests.add(read);
        reading = read;
        version = wanted;
        position = range.offset();
        workedOn = false;
        deadlineAt = System.nanoTime() + terms.deadlineMillis() * 1_000_000L + GRACE_NANOS;
        send(requests);
    }

    /**
     * Waits for the next bytes of the range, at most a frame of them.
     *
     * @return how many came, at least 1; -1 behind the last
     * @throws PeerException when the worker refuses; the connection can be used again if it {@link #isReusable}
     * @throws io.headrace.protocol.OriginException when the worker's origin failed; likewise
     */
    int read(ByteBuffer into) throws IOException {
        if (rest.hasRemaining()) {
            return takeRest(into);
        }
        BlockRequest.Read read = reading;
        if (read == null) {
            return -1;
        }
        boolean sound = false;
        try {
            int count = readSome(read, into);
            sound = true;
            return count;
        } catch (PeerException refusal) {
            sound = endsNothing(refusal.status());
            throw refusal;
        } catch (OriginException said) {
            sound = true;
            throw said;
        } finally {
            if (!sound) {
                close();
            }
        }
    }

    /** Whether it was made with this token. */
    boolean showed(Bytes other) {
        return token.equals(other);
    }

    /** Whether another range may be asked for. */
    boolean isReusable() {
        return reading == null && unanswered.isEmpty() && !rest.hasRemaining() && link.isOpen();
    }

    /** Whether the worker said that it works on the range that was asked for last; any thread. */
    boolean isWorkedOn() {
        return workedOn;
    }

    void closeIfStalled(long now) {
        link.closeIfStalled(now);
    }

    void close() {
        watch.remove(this);
        link.close();
    }

    private void greet() throws IOException {
        link.write(Hello.withToken(token).encode());
        ByteBuffer bytes = ByteBuffer.allocate(Welcome.HEAD_BYTES);
        link.read(bytes);
        int message = Welcome.messageBytes(bytes.flip());
        if (message > 0) {
            ByteBuffer whole = ByteBuffer.allocate(Welcome.HEAD_BYTES + message).put(bytes);
            link.read(whole);
            bytes = whole.flip();
        }
        mostFiles = switch (Welcome.decode(bytes)) {
            case Welcome.Accepted accepted -> Math.min(MOST_OPEN_FILES, accepted.mostFiles());
            case Welcome.Refused(var failure) -> throw failure.asException(link.name());
        };
    }

    /** The number of the file; adds what binds it, where it is not bound. */
    private int fileOf(FileVersion wanted, List<BlockRequest> requests) {
        Integer known = files.get(wanted);
        if (known != null) {
            return known;
        }
        if (files.size() >= mostFiles) {
            Iterator<Integer> eldest = files.values().iterator();
            requests.add(new BlockRequest.Close(nextId++, eldest.next()));
            eldest.remove();
        }
        int file = nextFile++;
        files.put(wanted, file);
        requests.add(new BlockRequest.Open(nextId++, file, wanted));
        return file;
    }

    private void send(List<BlockRequest> requests) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(
                requests.stream().mapToInt(RequestCodec::encodedBytes).sum());
        requests.forEach(request -> RequestCodec.encode(request, bytes));
        unanswered.addAll(requests);
        link.write(bytes.flip());
    }

    private int readSome(BlockRequest.Read read, ByteBuffer into) throws IOException {
        Optional<IOException> notOpened = takeAnswersBefore(read);
        ResponseHead frame = nextFrame();
        if (frame.status() == Status.OK) {
            return takeData(read, frame, into);
        }
        reading = null;
        IOException failure = failure(frame);
        throw notOpened.orElse(failure);
    }

    /** Takes the answers to what was sent before the READ; why its file was not opened, if so. */
    private Optional<IOException> takeAnswersBefore(BlockRequest.Read read) throws IOException {
        Optional<IOException> notOpened = Optional.empty();
        while (unanswered.element().id() != read.id()) {
            BlockRequest asked = unanswered.element();
            ResponseHead frame = nextFrame();
            if (frame.status() != Status.OK) {
                notOpened = Optional.of(failure(frame));
                files.remove(version);
            } else if (!frame.last() || frame.payloadBytes() > 0) {
                throw new MalformedFrameException(link.name() + " answered " + asked + " with " + frame);
            }
        }
        return notOpened;
    }

    /** The next frame that is no progress, which must be of the first request that is not answered. */
    private ResponseHead nextFrame() throws IOException {
        while (true) {
            ResponseHead frame = nextHead();
            if (frame.opcode() == Opcode.PING && frame.id() == 0 && frame.status() != Status.OK) {
                throw failure(frame);
            }
            BlockRequest asked = unanswered.element();
            if (frame.opcode() != asked.opcode() || frame.id() != asked.id()) {
                throw new MalformedFrameException(link.name() + " answered what was not asked: " + frame);
            }
            if (frame.last()) {
                unanswered.remove();
            }
            if (!frame.isProgress()) {
                return frame;
            }
            workedOn = true;
            if (System.nanoTime() - deadlineAt >= 0) {
                throw UnreachableWorkerException.silent(link.name() + " did not keep the deadline of a read");
            }
        }
    }

    private ResponseHead nextHead() throws IOException {
        link.read(head);
        ResponseHead frame = ResponseHead.decode(head.flip());
        head.clear();
        return frame;
    }

    private int takeData(BlockRequest.Read read, ResponseHead frame, ByteBuffer into) throws IOException {
        int count = frame.payloadBytes();
        boolean isLast = position + count == read.range().end();
        if (count == 0
                || count > read.terms().frameBytes()
                || frame.position() != position
                || position + count > read.range().end()
                || frame.last() != isLast) {
            throw new MalformedFrameException(
                    link.name() + " sent other bytes than were asked for: " + frame + " for " + read);
        }
        boolean fits = into.remaining() >= count;
        if (!fits && rest.capacity() < count) {
            rest = ByteBuffer.allocateDirect(read.terms().frameBytes()).limit(0);
        }
        ByteBuffer target =
                fits ? into.slice(into.position(), count) : rest.clear().limit(count);
        readPayload(target, isLast);
        if (FrameChecksum.of(target, 0, count) != frame.payloadCrc()) {
            rest.limit(0);
            throw new DamagedBytesException(link.name() + " sent damaged bytes at " + position + " of " + version);
        }
        if (frame.spread() > 0) {
            hints.heard(Objects.requireNonNull(version), Blocks.indexAt(position), 1 << frame.spread());
        }
        position += count;
        if (isLast) {
            reading = null;
        }
        if (!fits) {
            rest.rewind();
            return takeRest(into);
        }
        into.position(into.position() + count);
        return count;
    }

    /** Reads the head of the next frame of the same answer along, as far as it is there. */
    private void readPayload(ByteBuffer target, boolean isLast) throws IOException {
        if (isLast) {
            link.read(target);
        } else {
            link.read(target, head);
        }
    }

    private int takeRest(ByteBuffer into) {
        int count = Math.min(into.remaining(), rest.remaining());
        into.put(rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        return count;
    }

    private IOException failure(ResponseHead frame) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(frame.payloadBytes());
        link.read(message);
        return frame.failure(message.flip()).asException(link.name());
    }

    private static boolean endsNothing(Status status) {
        return status != Status.BAD_FRAME && status != Status.SHUTTING_DOWN && status != Status.VERSION_NOT_SPOKEN;
    }
}
