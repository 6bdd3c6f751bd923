package io.headrace.client;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a large file ahead, by what its reads look like.
 *
 * <ul>
 *   <li><b>Streams.</b> A read belongs to the stream whose position it continues ({@link ReadStream}, at most
 *       {@value StreamTable#MOST_STREAMS}). A stream is given as much ahead as it has gone on so far, between the first
 *       and the most window; so a stream that ends wastes no more than it used.
 *   <li><b>Guesses.</b> Until it has gone on for {@value StreamTable#PROVEN_BYTES} bytes, a stream may be chance.
 *       Planning for such is paid from a credit of {@value #CREDIT_BYTES} bytes, to which a quarter of what was planned
 *       and then read is added: random readers use the credit up and get exact ranges from then on.
 *   <li><b>Strides.</b> Equal pieces at equal distances of a chunk and more get exactly those pieces.
 *   <li><b>Loaders.</b> When several proven streams work on the file, or tensors of a known format are read one after
 *       the other in whatever order, the rest of the file is planned in file order, never more ahead than twice what was
 *       read so far and half of what may be outstanding; streams share the other half. A stream in a file with known
 *       tensors is not read ahead past its tensor.
 *   <li><b>Shards.</b> What a loader or a proven stream may have outstanding and this file has no more bytes for, is
 *       planned at the start of the next shard.
 *   <li><b>Jumps.</b> When the last reads mostly jumped ({@link Jumps}) and the format is unknown, a jump to where nothing
 *       was planned wants its bytes exactly.
 * </ul>
 *
 * <p>Nothing is planned twice in one pass over the file ({@link Coverage}). State is bounded: two bits a MiB of file, at
 * most 256 KiB, some hundred bytes a stream, and the tensors' offsets.
 */
final class StreamReadAhead implements ReadAhead {
    static final long CREDIT_BYTES = 16 << 20;

    private static final int MOST_STRIDES = 4;

    /** What all streams together look like is judged once in so many reads. */
    private static final int LOOK_AROUND_READS = 16;

    private static final int MOST_CHUNKS_A_SWEEP = 16;
    private static final int LOADER_STREAMS = 4;
    private static final int LOADER_STREAMS_AND_SHARE = 2;
    private static final int LOADER_SHARE_OF_FILE = 8;
    private static final int LOADER_TENSORS = 3;
    private static final long LOADER_BYTES = 8 << 20;
    private static final long NEXT_FILE_STEP = 2L * Blocks.BLOCK_BYTES;
    private static final int TENSOR_WINDOWS = 8;

    /** Windows move on in whole blocks, the unit that stores fetch; wide ones by several, for few requests. */
    private static final long UNIT_BYTES = Blocks.BLOCK_BYTES;

    private static final long MOST_UNIT_BYTES = 2 * UNIT_BYTES;
    private static final int UNITS_A_WINDOW = 8;

    private final ByteRange file;
    private final ReadAheadSettings settings;
    private final Coverage coverage;
    private final HeaderInspector header;
    private final StreamTable streams;
    private final Deque<Stride> strides = new ArrayDeque<>();
    private final StrideDetector strideDetector = new StrideDetector();
    private final Jumps jumps = new Jumps();
    private final List<ByteRange> plan = new ArrayList<>();

    private Optional<FileFormat> format = Optional.empty();
    private volatile ByteRange wantedHeader;
    private boolean loaderAtWork;
    private long tensorsSeen;
    private int sweepChunk;
    private long now;
    private final Optional<EntryName> nextShard;
    private long plannedOfNext;
    private volatile Optional<NextFile> nextFile = Optional.empty();

    /** @param nextShard the file that is read after this one */
    StreamReadAhead(long lengthBytes, ReadAheadSettings settings, Optional<EntryName> nextShard) {
        this.nextShard = nextShard;
        this.file = new ByteRange(0, lengthBytes);
        this.settings = settings;
        this.streams = new StreamTable(lengthBytes);
        this.coverage = new Coverage(lengthBytes);
        this.header = new HeaderInspector(lengthBytes);
        this.wantedHeader = header.wanted();
    }

    @Override
    public synchronized List<ByteRange> observe(ByteRange read) {
        ByteRange inside = read.clippedTo(file);
        if (inside.isEmpty()) {
            return List.of();
        }
        now++;
        coverage.wasRead(inside);
        Optional<ReadStream> stream = streams.find(inside);
        if (stream.isPresent()) {
            jumps.wentOn();
            stream.get().add(inside, now);
            if (!StreamTable.isProven(stream.get()) || now % LOOK_AROUND_READS == 0) {
                streams.join(stream.get());
            }
            continueStream(stream.get());
        } else {
            observeElsewhere(inside);
        }
        if (isLoaderAtWork(inside)) {
            sweep();
        }
        nextShard.ifPresent(name -> lookBeyondEnd(name, stream));
        return takePlan();
    }

    @Override
    public synchronized List<ByteRange> inspectHeader(ByteBuffer head) {
        format = format.or(() -> header.inspect(head));
        wantedHeader = header.wanted();
        if (wantedHeader.length() > HeaderInspector.FIRST_LOOK_BYTES) {
            coverage.planForward(wantedHeader.offset(), wantedHeader.end(), plan);
        }
        return takePlan();
    }

    @Override
    public Optional<NextFile> nextFile() {
        return nextFile.isEmpty() ? nextFile : takeNextFile();
    }

    private synchronized Optional<NextFile> takeNextFile() {
        Optional<NextFile> taken = nextFile;
        nextFile = Optional.empty();
        return taken;
    }

    @Override
    public ByteRange wantedHeader() {
        return wantedHeader;
    }

    @Override
    public synchronized boolean wantsExactly(ByteRange read) {
        boolean unstructured = format.isEmpty() && wantedHeader.isEmpty() && !loaderAtWork;
        return settings.exactRanges()
                && unstructured
                && jumps.prevail()
                && streams.find(read).isEmpty()
                && strides.stream().noneMatch(stride -> stride.expects(read))
                && !coverage.isPlanned(read);
    }

    @Override
    public synchronized String describe() {
        if (loaderAtWork) {
            return "whole file (" + format.map(FileFormat::name).orElse("several streams") + ")";
        }
        return streams.describe().orElseGet(() -> strides.isEmpty() ? "exact ranges" : "strided x " + strides.size());
    }

    private void observeElsewhere(ByteRange read) {
        for (Stride stride : strides) {
            if (stride.expects(read)) {
                jumps.wentOn();
                planPieces(stride.advance(read, file, settings.mostWindow().bytes() / 2));
                return;
            }
        }
        OptionalLong step = strideDetector.observe(read);
        if (step.isPresent() && Math.abs(step.getAsLong()) >= coverage.chunkBytes()) {
            if (strides.size() == MOST_STRIDES) {
                strides.removeFirst();
            }
            strides.add(new Stride(read, step.getAsLong()));
            return;
        }
        ReadStream begun =
                step.isPresent() ? ReadStream.ofSmallSteps(read, step.getAsLong(), now) : new ReadStream(read, now);
        streams.add(begun);
        jumps.jumped(read);
        beginStream(begun, read);
    }

    private void planPieces(List<ByteRange> pieces) {
        for (ByteRange piece : pieces) {
            coverage.planExactly(piece, plan);
        }
    }

    /** The first read of a file or of a tensor is likely to be followed by the next bytes. */
    private void beginStream(ReadStream stream, ByteRange read) {
        long window = settings.firstWindow().bytes();
        boolean atTensor = format.isPresent() && format.get().startsWithin(read.offset(), read.end()) > 0;
        if ((read.offset() == 0 || atTensor) && mayGuess()) {
            planForward(stream, atTensor ? Math.min(settings.mostWindow().bytes(), TENSOR_WINDOWS * window) : window);
        }
    }

    private void continueStream(ReadStream stream) {
        long wanted = Math.max(stream.runBytes(), 2 * stream.readBytes());
        long window = Math.clamp(
                wanted, settings.firstWindow().bytes(), settings.mostWindow().bytes());
        boolean served = stream.outstandingBytes() >= window;
        if (served || (!StreamTable.isProven(stream) && !mayGuess())) {
            return;
        }
        if (window > settings.firstWindow().bytes()) {
            long share = settings.mostOutstanding().bytes() / 2 / Math.max(1, streams.alive(now));
            window = Math.min(window, Math.max(share, settings.firstWindow().bytes()));
        }
        if (stream.isForward()) {
            planForward(stream, window);
        } else if (stream.isBackward()) {
            planBackward(stream, window);
        }
    }

    private void planForward(ReadStream stream, long window) {
        long unit = unit(window);
        long limit = forwardLimit(stream);
        long target = Math.min(limit, Math.ceilDiv(stream.high() + window, unit) * unit);
        if (target - stream.plannedTo() < unit && target < limit) {
            return;
        }
        coverage.planForward(stream.plannedTo(), target, plan);
        stream.planned(Math.max(stream.plannedTo(), target));
    }

    private static long unit(long window) {
        long units = Math.clamp(window / UNITS_A_WINDOW / UNIT_BYTES, 1, MOST_UNIT_BYTES / UNIT_BYTES);
        return Math.min(units * UNIT_BYTES, Math.max(1, window / 2));
    }

    private long forwardLimit(ReadStream stream) {
        if (format.isEmpty() || stream.high() <= format.get().dataStart()) {
            return file.end();
        }
        return format.get().tensorEnd(stream.high() - 1, file.end());
    }

    private void planBackward(ReadStream stream, long window) {
        long unit = unit(window);
        long target = Math.max(0, stream.low() - window) / unit * unit;
        if (stream.plannedTo() - target < unit && target > 0) {
            return;
        }
        coverage.planBackward(target, stream.plannedTo(), plan);
        stream.planned(Math.min(stream.plannedTo(), target));
    }

    private boolean mayGuess() {
        if (loaderAtWork) {
            return true;
        }
        long unread = coverage.plannedUnreadBytes() - streams.outstandingBytes(now);
        return unread < CREDIT_BYTES + coverage.hitBytes() / 4;
    }

    private boolean isLoaderAtWork(ByteRange read) {
        if (loaderAtWork) {
            return true;
        }
        loaderAtWork = format.map(known -> isLoading(known, read)).orElse(false)
                || (now % LOOK_AROUND_READS == 0 && severalStreamsCoverTheFile());
        if (loaderAtWork) {
            sweepChunk = coverage.chunkAt(read.offset());
        }
        return loaderAtWork;
    }

    private boolean isLoading(FileFormat known, ByteRange read) {
        if (read.end() <= known.dataStart()) {
            return false;
        }
        tensorsSeen += known.startsWithin(read.offset(), read.end());
        return coverage.readBytes() >= LOADER_BYTES && (!known.knowsTensors() || tensorsSeen >= LOADER_TENSORS);
    }

    private boolean severalStreamsCoverTheFile() {
        int proven = streams.provenForward(now);
        boolean share = coverage.readBytes() >= file.length() / LOADER_SHARE_OF_FILE;
        return proven >= LOADER_STREAMS || (proven >= LOADER_STREAMS_AND_SHARE && share);
    }

    private void sweep() {
        long most = Math.min(settings.mostOutstanding().bytes() / 2, 2 * coverage.readBytes());
        long room = most - coverage.plannedUnreadBytes();
        if (room < UNIT_BYTES) {
            return;
        }
        int chunks = (int) Math.min(MOST_CHUNKS_A_SWEEP, room / coverage.chunkBytes());
        sweepChunk = coverage.planUnread(sweepChunk, chunks, plan);
        if (sweepChunk >= coverage.chunks()) {
            sweepChunk = 0;
        }
    }

    private void lookBeyondEnd(EntryName name, Optional<ReadStream> stream) {
        long room = 0;
        if (loaderAtWork) {
            room = settings.mostOutstanding().bytes() - (file.length() - coverage.readBytes());
        } else if (stream.isPresent()
                && StreamTable.isProven(stream.get())
                && stream.get().isForward()) {
            room = settings.mostWindow().bytes() - (file.end() - stream.get().high());
        }
        long bytes = room / NEXT_FILE_STEP * NEXT_FILE_STEP;
        if (bytes > plannedOfNext) {
            plannedOfNext = bytes;
            nextFile = Optional.of(new NextFile(name, bytes));
        }
    }

    private List<ByteRange> takePlan() {
        if (plan.isEmpty()) {
            return List.of();
        }
        List<ByteRange> taken = List.copyOf(plan);
        plan.clear();
        return taken;
    }
}
