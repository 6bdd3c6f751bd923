package io.headrace.master.catalog;

import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors mean for a catalog, which remembers that it is damaged. */
record TableFailures(CatalogHome home) {
    /** The files are there and make no sense. */
    static final class DamagedException extends IOException {
        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** For a catalog that was opened. */
    IOException of(RocksDBException e) throws IOException {
        if (isDamage(e)) {
            home.markDamaged(String.valueOf(e.getMessage()));
            return new IOException(
                    "the catalog in " + home.path() + " is damaged (" + e.getMessage()
                            + "); it is built again from the origins at the next start",
                    e);
        }
        return new IOException("the catalog in " + home.path() + " failed: " + e.getMessage(), e);
    }

    IOException ofOpening(RocksDBException e) {
        String message = "the catalog in " + home.path() + " does not open: " + e.getMessage();
        return isDamage(e) ? new DamagedException(message, e) : new IOException(message, e);
    }

    /** Also a file that is missing, and one that is not what its name says. */
    private static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        return status != null
                && switch (status.getCode()) {
                    case Corruption, NotFound, InvalidArgument -> true;
                    case Ok,
                            NotSupported,
                            IOError,
                            MergeInProgress,
                            Incomplete,
                            ShutdownInProgress,
                            TimedOut,
                            Aborted,
                            Busy,
                            Expired,
                            TryAgain,
                            Undefined -> false;
                };
    }
}
