package io.headrace.worker.dataset;

import io.headrace.protocol.MountId;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Says where data sets have their origins. Thread-safe. */
@FunctionalInterface
public interface DataSetDirectory {
    /**
     * An origin, without credentials.
     *
     * @param options as for {@link io.headrace.storage.UnderStoreOptions#parse}
     */
    record Location(URI uri, Map<String, String> options) {}

    /**
     * The origin of this id; empty when no data set has it.
     *
     * @throws io.headrace.protocol.block.PeerException with NOT_HERE when nobody who knows can be asked at present: others may know
     * @throws io.headrace.protocol.OriginException.Refused when who knows does not tell this process
     */
    Optional<Location> find(MountId mount) throws IOException;
}
