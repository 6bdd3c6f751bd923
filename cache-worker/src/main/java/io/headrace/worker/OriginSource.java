package io.headrace.worker;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginTrouble;
import io.headrace.protocol.RangeSource;
import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Reads origins within their limits, and again what may succeed on another try: concurrency and byte rate for each
 * origin, the most urgent reason first; retries from the byte reached, within a budget; an end to requests that stall.
 * What it throws names object, range, attempts and origin. Nothing is asked of an origin before the first {@code read}
 * of a channel.
 *
 * <p>Does not own the stores. Closing it ends all reads.
 */
public final class OriginSource implements RangeSource, AutoCloseable {
    private final Map<MountId, Origin> origins = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final FetchTools tools;

    /** An origin to read, and how. */
    public record OriginAccess(UnderStore store, OriginSettings settings) {}

    public OriginSource(List<OriginAccess> origins, MeterRegistry meters) {
        this(
                origins,
                meters,
                FetchClock.SYSTEM,
                () -> ThreadLocalRandom.current().nextLong());
    }

    OriginSource(List<OriginAccess> origins, MeterRegistry meters, FetchClock clock, LongSupplier seeds) {
        this.meters = meters;
        StallWatch watch = new StallWatch(
                clock,
                Thread.ofPlatform().daemon().name("headrace-origin-watch").factory());
        this.tools = new FetchTools(clock, watch, seeds);
        origins.forEach(this::add);
    }

    /** Reads this origin too from now on; nothing changes when it reads the origin already. */
    public void add(OriginAccess access) {
        origins.computeIfAbsent(
                access.store().mountId(),
                absent -> Origin.of(access.store(), access.settings(), meters, tools.clock()));
    }

    public boolean reads(MountId mount) {
        return origins.containsKey(mount);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the version is of an origin that this source does not read, or the range is
     *     empty or not inside the file
     */
    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        Origin origin = origins.get(version.mount());
        if (origin == null) {
            throw new IllegalArgumentException("no origin is known for " + version);
        }
        return new OriginChannel(origin, new RangeRequest(version, range, reason), tools);
    }

    /**
     * What the newest request at an origin failed with, before the read that it was for gives up; empty when it was
     * answered.
     *
     * @param now by the clock that the trouble's time is to be of
     * @throws IllegalArgumentException when this source does not read the origin
     */
    public Optional<OriginTrouble> trouble(MountId mount, Instant now) {
        Origin origin = origins.get(mount);
        if (origin == null) {
            throw new IllegalArgumentException("no origin is known for " + mount);
        }
        return origin.health().trouble(now);
    }

    @Override
    public void close() {
        tools.watch().close();
    }
}
