package io.headrace.client.cluster;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.net.URI;
import java.net.URISyntaxException;

/** Gives gRPC the masters of a cluster for {@code headrace-masters:/HOST:PORT,HOST:PORT}. gRPC loads it as a service. */
public final class MasterResolverProvider extends NameResolverProvider {
    private static final String SCHEME = "headrace-masters";
    private static final int PRIORITY = 5;

    /** What a channel to these masters is made for. */
    static String target(MasterEndpoints masters) {
        try {
            return new URI(SCHEME, null, "/" + masters, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no host names: " + masters, e);
        }
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args surroundings) {
        return new MasterResolver(MasterEndpoints.parse(target.getPath().substring(1)), surroundings);
    }
}
