package io.headrace.cli.daemon;

import io.headrace.fuse.kernel.Libc;
import org.rocksdb.RocksDB;
import org.slf4j.LoggerFactory;

/**
 * What every mount needs and what takes long to load: the log, calls into the C library, RocksDB. A thread of its own
 * loads it while the command line is read.
 */
public final class EarlyLoading {
    private EarlyLoading() {}

    public static void begin() {
        Thread.ofPlatform().daemon().name("headrace-early-loading").start(EarlyLoading::load);
    }

    @SuppressWarnings("IllegalCatch")
    private static void load() {
        try {
            LoggerFactory.getLogger(EarlyLoading.class);
            int _ = Libc.effectiveUser();
            RocksDB.loadLibrary();
        } catch (Throwable failure) {
            // Who needs it meets the same, and tells the user.
            LoggerFactory.getLogger(EarlyLoading.class).debug("not loaded early", failure);
        }
    }
}
