package io.headrace.worker.dataset;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.RangeSource;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.OriginSource;
import io.headrace.worker.OriginSource.OriginAccess;
import io.headrace.worker.dataset.DataSetDirectory.Location;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the origins of a cluster's data sets, each opened when its first byte is wanted, with the credentials that this
 * process has. What was opened once is read on while nobody can be asked where it lies.
 */
public final class DataSetOrigins implements RangeSource, AutoCloseable {
    private final DataSetDirectory directory;
    private final OriginSettings settings;
    private final OriginSource source;
    private final ReentrantLock opening = new ReentrantLock();
    private final List<UnderStore> stores = new ArrayList<>();

    public DataSetOrigins(DataSetDirectory directory, OriginSettings settings, MeterRegistry meters) {
        this.directory = directory;
        this.settings = settings;
        this.source = new OriginSource(List.of(), meters);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) throws IOException {
        if (!source.reads(version.mount())) {
            openOrigin(version.mount());
        }
        return source.open(version, range, reason);
    }

    private void openOrigin(MountId mount) throws IOException {
        opening.lock();
        try {
            if (source.reads(mount)) {
                return;
            }
            Location location = directory
                    .find(mount)
                    .orElseThrow(() -> new OriginException.Refused(
                            Refusal.NO_SUCH_LOCATION,
                            "no data set of this cluster has the origin " + mount + " any more; mount it again"));
            UnderStore store = UnderStores.open(location.uri(), UnderStoreOptions.parse(location.options()));
            stores.add(store);
            source.add(new OriginAccess(store, settings));
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void close() {
        source.close();
        opening.lock();
        try {
            stores.forEach(UnderStore::close);
        } finally {
            opening.unlock();
        }
    }
}
