package io.headrace.client.cluster;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a cluster's masters in their order, each with its own name for TLS. Names are looked up again when a
 * connection was lost; one that is not known is left out, and that is a failure only when no other is.
 */
final class MasterResolver extends NameResolver {
    private final MasterEndpoints masters;
    private final Executor lookups;
    private final SynchronizationContext turns;
    /** Of the turns, as the next two. */
    private @Nullable Listener2 listener;

    private boolean lookingUp;
    private boolean ended;

    MasterResolver(MasterEndpoints masters, Args surroundings) {
        this.masters = masters;
        this.lookups = Objects.requireNonNull(surroundings.getOffloadExecutor());
        this.turns = surroundings.getSynchronizationContext();
    }

    /** Shown in messages; each address has an authority of its own. */
    @Override
    public String getServiceAuthority() {
        return masters.toString();
    }

    @Override
    public void start(Listener2 told) {
        listener = told;
        refresh();
    }

    @Override
    public void refresh() {
        if (!lookingUp && !ended) {
            lookingUp = true;
            lookups.execute(() -> {
                StatusOr<List<EquivalentAddressGroup>> found = lookUp();
                turns.execute(() -> tell(found));
            });
        }
    }

    private void tell(StatusOr<List<EquivalentAddressGroup>> found) {
        lookingUp = false;
        if (listener != null && !ended) {
            Status _ = listener.onResult2(
                    ResolutionResult.newBuilder().setAddressesOrError(found).build());
        }
    }

    private StatusOr<List<EquivalentAddressGroup>> lookUp() {
        List<EquivalentAddressGroup> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Endpoint master : masters.all()) {
            try {
                found.add(group(master, InetAddress.getAllByName(master.host())));
            } catch (UnknownHostException e) {
                unknown.add(master.host());
            }
        }
        return found.isEmpty()
                ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("no such host is known here: " + unknown))
                : StatusOr.fromValue(found);
    }

    private static EquivalentAddressGroup group(Endpoint master, InetAddress[] addresses) {
        List<SocketAddress> all = Arrays.stream(addresses)
                .<SocketAddress>map(address -> new InetSocketAddress(address, master.port()))
                .toList();
        return new EquivalentAddressGroup(
                all,
                Attributes.newBuilder()
                        .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, master.toString())
                        .build());
    }

    @Override
    public void shutdown() {
        ended = true;
    }
}
