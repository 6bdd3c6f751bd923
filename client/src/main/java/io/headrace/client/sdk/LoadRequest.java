package io.headrace.client.sdk;

import java.util.List;

/**
 * What workers are to bring into their caches.
 *
 * @param paths data sets, or files and directories below one; at least one, and the empty path is everything
 * @param replicas how many owners of each block get it, at least 1
 * @param zones only owners in these zones; empty for all
 * @param maxBytesPerSecond of all workers together; 0 for no limit
 * @param verify whether what is kept is read back and compared with its checksums
 */
public record LoadRequest(
        List<String> paths, int replicas, List<String> zones, long maxBytesPerSecond, boolean verify) {
    public LoadRequest {
        paths = List.copyOf(paths);
        zones = List.copyOf(zones);
        if (paths.isEmpty() || replicas < 1 || maxBytesPerSecond < 0) {
            throw new IllegalArgumentException("no load: paths " + paths + ", " + replicas + " replicas, "
                    + maxBytesPerSecond + " bytes a second");
        }
    }

    /** One copy of each block, as fast as it goes. */
    public static LoadRequest of(String... paths) {
        return new LoadRequest(List.of(paths), 1, List.of(), 0, false);
    }

    public LoadRequest withReplicas(int owners) {
        return new LoadRequest(paths, owners, zones, maxBytesPerSecond, verify);
    }

    public LoadRequest inZones(String... named) {
        return new LoadRequest(paths, replicas, List.of(named), maxBytesPerSecond, verify);
    }

    public LoadRequest withMaxBytesPerSecond(long bytes) {
        return new LoadRequest(paths, replicas, zones, bytes, verify);
    }

    public LoadRequest verified() {
        return new LoadRequest(paths, replicas, zones, maxBytesPerSecond, true);
    }
}
