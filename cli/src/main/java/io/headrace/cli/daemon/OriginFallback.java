package io.headrace.cli.daemon;

import io.headrace.cli.process.OpenParts;
import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerTally;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.v1.DataSet;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.dataset.DataSetDirectory.Location;
import io.headrace.worker.dataset.DataSetOrigins;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The origin of the data set that a mount of a cluster shows, as the mount asks it itself: within the limits of the settings
 * {@code origin.*}, with this process's credentials. It is opened at the first use. Versions of other data sets are refused.
 */
final class OriginFallback implements RangeSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OriginFallback.class);

    private static final String ADVICE =
            "look at the workers (headrace cluster status), or mount with --origin-fallback"
                    + " (origin-fallback.enabled): then the origin is asked when no worker answers";

    private final DataSet dataSet;
    private final UnderStoreOptions own;
    private final MountId mount;
    private final DataSetOrigins origins;

    /** @param own options of the mount's, which count before those that the master has of the data set */
    OriginFallback(DataSet dataSet, UnderStoreOptions own, OriginSettings settings, MeterRegistry meters) {
        this.dataSet = dataSet;
        this.own = own;
        this.mount = MountId.of(URI.create(dataSet.getUri()));
        this.origins = new DataSetOrigins(this::locate, settings, meters);
    }

    /** What the fallback of a mount is made of. */
    record Means(MountPlan plan, DataSet dataSet, PeerTally tally, MeterRegistry meters) {}

    /** The cluster, and the origin behind it where the settings allow that. */
    static RangeSource behind(ClusterSource cluster, Means means, OpenParts parts) {
        MountPlan plan = means.plan();
        if (!plan.settings().originFallback().enabled()) {
            return cluster.advising(ADVICE);
        }
        OriginFallback origin = new OriginFallback(
                means.dataSet(), plan.originOptions(), plan.settings().origin(), means.meters());
        parts.add(origin::close);
        FunctionCounter.builder("headrace.client.origin.bytes", means.tally(), PeerTally::originBytes)
                .register(means.meters());
        return cluster.orElse(origin);
    }

    /** @throws OriginException.Refused when the version is of another data set, or the origin cannot be opened */
    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) throws IOException {
        if (!version.mount().equals(mount)) {
            throw new OriginException.Refused(
                    Refusal.NO_SUCH_LOCATION,
                    "this mount shows " + name() + " and may ask no other origin, and " + version + " is of another");
        }
        try {
            return origins.open(version, range, reason);
        } catch (OriginException.Refused refused) {
            throw new OriginException.Refused(
                    refused.refusal(),
                    "no worker answers, and this mount cannot open the origin of " + name() + " by itself: "
                            + refused.getMessage() + ". Give the mount what it lacks (--origin-option KEY=VALUE)",
                    refused);
        }
    }

    private Optional<Location> locate(MountId shown) throws OriginException {
        Map<String, String> options = new LinkedHashMap<>(dataSet.getOptionsMap());
        own.values().forEach((option, value) -> options.put(option.key(), value));
        try {
            UnderStoreOptions _ = UnderStoreOptions.parse(options);
        } catch (IllegalArgumentException e) {
            throw new OriginException.Refused(Refusal.BAD_REQUEST, "the options do not fit: " + e.getMessage(), e);
        }
        LOG.warn("no worker answers; this mount asks the origin of {} itself", name());
        return Optional.of(new Location(URI.create(dataSet.getUri()), options));
    }

    private String name() {
        return "data set " + dataSet.getPath() + " (" + dataSet.getUri() + ")";
    }

    @Override
    public void close() {
        origins.close();
    }
}
