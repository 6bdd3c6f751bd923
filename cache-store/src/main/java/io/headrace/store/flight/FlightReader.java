package io.headrace.store.flight;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.OriginException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flies runs of flights: one request to the source brings the blocks of a run, one after the other. Each block is read
 * into a buffer of its own and summed while its bytes are in the processor's cache; the passengers whose bytes have
 * arrived are told, and {@link Landings} keeps the block. Thread-safe; a run is one thread's.
 */
final class FlightReader {
    private static final Logger log = LoggerFactory.getLogger(FlightReader.class);

    /** Small enough for the second-level cache, large enough for few calls. */
    private static final int CHUNK_BYTES = 256 << 10;

    private final FaultPoints faults;
    private final Duration bufferPatience;
    private final FlightBuffers buffers;
    private final Landings landings = new Landings();
    private final Map<FetchReason, Counter> fetched = new EnumMap<>(FetchReason.class);

    // Guarded by itself.
    private final List<ReadableByteChannel> open = new ArrayList<>();
    private volatile boolean closed;

    FlightReader(FlightSettings settings, FaultPoints faults, MeterRegistry meters) {
        this.faults = faults;
        this.bufferPatience = settings.bufferPatience();
        this.buffers = new FlightBuffers(settings.budgetBytes(), settings.budgetBytes() / 4);
        for (FetchReason reason : FetchReason.values()) {
            String tag = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            fetched.put(reason, meters.counter("headrace.store.fetched.bytes", "reason", tag));
        }
        Gauge.builder("headrace.store.flight.buffer.bytes", buffers, FlightBuffers::lentBytes)
                .register(meters);
    }

    FlightBuffers buffers() {
        return buffers;
    }

    /**
     * Brings the blocks of the run; what fails, fails its flight and those behind it.
     *
     * @param run flights of adjacent blocks of one version, in order, each started by the caller
     */
    void fly(List<Flight> run) {
        int landed = 0;
        try (ReadableByteChannel source = opened(run)) {
            try {
                run.forEach(flight -> flight.comesFrom(source));
                for (; landed < run.size(); landed++) {
                    bring(run.get(landed), source);
                }
            } finally {
                closing(source);
            }
        } catch (Throwable failure) {
            for (Flight flight : run.subList(landed, run.size())) {
                flight.fail(FlightScheduler.asIOException(flight, failure));
            }
        }
    }

    private void bring(Flight flight, ReadableByteChannel source) throws IOException, InterruptedException {
        int length = Math.toIntExact(flight.plan().range().length());
        FlightBuffer buffer = buffers.acquire(length, bufferPatience);
        flight.boardWith(buffer);
        MemorySegment block = buffer.segment().asSlice(0, length);
        int crc = readBlock(flight, source, block.asByteBuffer());
        flight.hasCome();
        faults.reach("store.block.buffered");
        landings.land(flight, block, crc);
    }

    private int readBlock(Flight flight, ReadableByteChannel source, ByteBuffer block) throws IOException {
        int length = block.limit();
        CRC32C crc = new CRC32C();
        Counter counter = Objects.requireNonNull(fetched.get(flight.reason()));
        while (block.position() < length) {
            int start = block.position();
            block.limit(Math.min(length, start + CHUNK_BYTES));
            if (source.read(block) < 0) {
                throw new OriginException.Unavailable("the source ended after " + start + " of " + length + " bytes of "
                        + flight.plan().range() + " of " + flight.plan().version());
            }
            int end = block.position();
            crc.update(block.limit(end).position(start));
            counter.increment(end - start);
            flight.arrived(end);
        }
        return (int) crc.getValue();
    }

    private ReadableByteChannel opened(List<Flight> run) throws IOException {
        FlightPlan first = run.getFirst().plan();
        long from = first.range().offset();
        ByteRange range = new ByteRange(from, run.getLast().plan().range().end() - from);
        ReadableByteChannel channel =
                first.source().open(first.version(), range, run.getFirst().reason());
        synchronized (open) {
            if (!closed) {
                open.add(channel);
                return channel;
            }
        }
        channel.close();
        throw FlightScheduler.closedStore();
    }

    private void closing(ReadableByteChannel channel) {
        synchronized (open) {
            open.remove(channel);
        }
    }

    /** Ends what is being read, by closing its channel. */
    void endReads() {
        List<ReadableByteChannel> channels;
        synchronized (open) {
            closed = true;
            channels = List.copyOf(open);
        }
        channels.forEach(FlightReader::closeQuietly);
    }

    /** When nobody flies any more: waits for what lands, and frees the buffers. */
    void close(Duration patience) throws InterruptedException {
        try {
            if (!landings.close(patience)) {
                log.warn("blocks were not kept within {} s; the cache's disk hangs", patience.toSeconds());
            }
        } finally {
            buffers.close();
        }
    }

    private static void closeQuietly(ReadableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("a source's channel did not close", e);
        }
    }
}
