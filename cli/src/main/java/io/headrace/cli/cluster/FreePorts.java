package io.headrace.cli.cluster;

import io.headrace.protocol.cluster.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Endpoints of the loopback interface that nobody listens on now. */
final class FreePorts {
    private FreePorts() {}

    /** This port when it is free, else another. */
    static Endpoint preferring(int port) throws IOException {
        try {
            return bound(port);
        } catch (IOException taken) {
            return any();
        }
    }

    static Endpoint any() throws IOException {
        return bound(0);
    }

    private static Endpoint bound(int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(loopback, port));
            return new Endpoint(loopback.getHostAddress(), socket.getLocalPort());
        }
    }
}
