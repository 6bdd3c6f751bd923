package io.headrace.protocol.cluster;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Where the masters of one cluster answer, of which one leads; in the order in which they are tried. 1 to 8, none twice. */
public record MasterEndpoints(List<Endpoint> all) {
    private static final int MOST = 8;

    public MasterEndpoints {
        all = List.copyOf(all);
        if (all.isEmpty() || all.size() > MOST) {
            throw new IllegalArgumentException("a cluster has 1 to " + MOST + " masters, and not " + all.size());
        }
        if (new HashSet<>(all).size() < all.size()) {
            throw new IllegalArgumentException("a master is named twice: " + join(all));
        }
    }

    public static MasterEndpoints of(Endpoint... all) {
        return new MasterEndpoints(List.of(all));
    }

    /**
     * Reads {@code host:port} and {@code host:port,host:port}.
     *
     * @throws IllegalArgumentException when it is neither; the message says what to write
     */
    public static MasterEndpoints parse(String text) {
        return new MasterEndpoints(Arrays.stream(text.split(",", -1))
                .map(each -> Endpoint.parse(each.strip()))
                .toList());
    }

    private static String join(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return join(all);
    }
}
