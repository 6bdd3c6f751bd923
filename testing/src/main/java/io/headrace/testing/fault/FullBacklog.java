package io.headrace.testing.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port where connections are neither taken nor refused: a listener that accepts nothing, its queue full. */
public final class FullBacklog implements AutoCloseable {
    private static final int MOST_QUEUED = 20;
    private static final int FULL_AFTER_MILLIS = 300;

    private final ServerSocket listener;
    private final List<Socket> queued = new ArrayList<>();

    private FullBacklog(ServerSocket listener) {
        this.listener = listener;
    }

    public static FullBacklog start() throws IOException {
        FullBacklog backlog = new FullBacklog(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        for (int i = 0; i < MOST_QUEUED; i++) {
            Socket socket = new Socket();
            backlog.queued.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), backlog.port()), FULL_AFTER_MILLIS);
            } catch (SocketTimeoutException full) {
                return backlog;
            }
        }
        backlog.close();
        throw new IOException("the listener's queue did not fill up");
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queued) {
            socket.close();
        }
        listener.close();
    }
}
