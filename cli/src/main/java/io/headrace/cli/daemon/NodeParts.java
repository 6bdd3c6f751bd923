package io.headrace.cli.daemon;

import io.headrace.protocol.Namespace;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.store.BlockStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

/** What a mount stands on, opened together and closed together: where names and bytes come from, and where bytes are kept. */
interface NodeParts extends AutoCloseable {
    Namespace namespace();

    RangeSource source();

    BlockStore store();

    MeterRegistry meters();

    /** How the origins are, for {@code headrace status}. */
    List<OriginStatus> originStatus();

    @Override
    void close() throws IOException;
}
