package io.headrace.master.serve;

import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.v1.Quota;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An origin, where its names show, and how much of it is kept. Holds no secret.
 *
 * @param path names with slashes between; empty for the root
 * @param quotaBytes the most that a tier keeps of it; 0 for no limit
 * @param quotaObjects the same in objects
 */
record DataSet(
        String path, URI uri, UnderStoreOptions options, MountSettings freshness, long quotaBytes, long quotaObjects) {
    DataSet {
        if (quotaBytes < 0 || quotaObjects < 0) {
            throw new IllegalArgumentException(
                    "a quota is 0 (no limit) or more: " + quotaBytes + " bytes, " + quotaObjects + " objects");
        }
    }

    /**
     * @param defaults for what the message does not say
     * @throws IllegalArgumentException when it can be no data set; the message says why
     */
    static DataSet of(io.headrace.protocol.v1.DataSet message, MountSettings defaults) {
        MountSettings freshness = new MountSettings(
                duration(message.getStalenessMillis(), defaults.staleness()),
                message.getRevalidateOnOpen(),
                duration(message.getRelistMillis(), defaults.relistInterval()));
        return new DataSet(
                message.getPath(),
                uri(message.getUri()),
                UnderStoreOptions.parse(message.getOptionsMap()),
                freshness,
                message.getQuota().getBytes(),
                message.getQuota().getObjects());
    }

    DataSet withQuota(Quota quota) {
        return new DataSet(path, uri, options, freshness, quota.getBytes(), quota.getObjects());
    }

    io.headrace.protocol.v1.DataSet toMessage() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<UnderStoreOption, String> option : options.values().entrySet()) {
            texts.put(option.getKey().key(), option.getValue());
        }
        return io.headrace.protocol.v1.DataSet.newBuilder()
                .setPath(path)
                .setUri(uri.toString())
                .putAllOptions(texts)
                .setQuota(Quota.newBuilder().setBytes(quotaBytes).setObjects(quotaObjects))
                .setStalenessMillis(freshness.staleness().toMillis())
                .setRevalidateOnOpen(freshness.revalidateOnOpen())
                .setRelistMillis(freshness.relistInterval().toMillis())
                .build();
    }

    private static Duration duration(long millis, Duration otherwise) {
        return millis == 0 ? otherwise : Duration.ofMillis(millis);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the origin is no URI: " + e.getReason() + ". Write spaces as %20", e);
        }
    }
}
