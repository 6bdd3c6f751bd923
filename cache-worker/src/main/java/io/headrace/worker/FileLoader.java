package io.headrace.worker;

import io.headrace.protocol.RangeSource;
import io.headrace.store.BlockStore;

/**
 * Brings whole trees into a store: {@code headrace load}. Blocks that are present are skipped and counted, so a load
 * that was stopped, by whatever, goes on where it was when it is started again.
 */
public final class FileLoader {
    private final BlockStore store;
    private final RangeSource source;
    private final FetchClock clock;

    /** Owns neither. */
    public FileLoader(BlockStore store, RangeSource source) {
        this(store, source, FetchClock.SYSTEM);
    }

    FileLoader(BlockStore store, RangeSource source, FetchClock clock) {
        this.store = store;
        this.source = source;
        this.clock = clock;
    }

    /** Starts to load on threads of its own, and returns at once. */
    public LoadJob start(FileSelection selection, LoadSettings settings) {
        LoadTally tally = new LoadTally(clock);
        ByteRate rate = new ByteRate(settings.maxBytesPerSecond(), clock);
        LoadJob job = new LoadJob(selection, new FileTransfer(store, source, rate, tally), tally, settings);
        job.start();
        return job;
    }
}
