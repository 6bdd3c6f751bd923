package io.headrace.store;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Stores with a disk tier of 128 MiB and no memory tier. */
final class DiskStore {
    private DiskStore() {}

    static TieredBlockStore open(Path directory) throws IOException {
        return open(directory, new SimpleMeterRegistry());
    }

    static TieredBlockStore open(Path directory, MeterRegistry meters) throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(directory, Optional.of(ByteSize.ofMebibytes(128)), Optional.of(new ByteSize(0)));
        return TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime);
    }
}
