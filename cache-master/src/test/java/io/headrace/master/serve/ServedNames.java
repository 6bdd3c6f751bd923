package io.headrace.master.serve;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.headrace.client.names.NamesSettings;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.master.MasterServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A catalog's service on a port of this machine, which may end and come back, and its clients. */
public final class ServedNames implements AutoCloseable {
    private final List<AutoCloseable> clients = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private CatalogService service;
    private MasterServer server;
    private final int port;

    private ServedNames(CatalogService service, MasterServer server) {
        this.service = service;
        this.server = server;
        this.port = server.port();
    }

    /** @param others what is served beside the names, until it stops for the first time */
    public static ServedNames start(CatalogService service, BindableService... others) throws IOException {
        List<BindableService> all = new ArrayList<>(List.of(others));
        all.add(service);
        return new ServedNames(service, listen(0, all));
    }

    private static MasterServer listen(int port, List<BindableService> services) throws IOException {
        return MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                services);
    }

    ManagedChannel channel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    public RemoteNamespace client(NamesSettings settings, LongSupplier nanos) {
        RemoteNamespace client = RemoteNamespace.over(channel(), settings, nanos, new Random(1));
        clients.add(client);
        return client;
    }

    CatalogService service() {
        return service;
    }

    void stop() {
        service.close();
        server.close();
    }

    void startAgain(CatalogService next) throws IOException {
        service = next;
        server = listen(port, List.of(next));
    }

    @Override
    public void close() throws IOException {
        try {
            for (AutoCloseable client : clients) {
                client.close();
            }
            for (ManagedChannel channel : channels) {
                channel.shutdownNow();
                boolean _ = channel.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IOException("a client did not close", e);
        }
        stop();
    }
}
