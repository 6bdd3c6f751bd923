package io.headrace.testing.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A process on a host: says what comes over the network to it, a line at a time. */
final class NetworkChild {
    private static final int PORT = 7000;
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(3);

    private NetworkChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "sink" -> sink();
            case "source" -> source(arguments[1]);
            default -> chat(arguments[1]);
        }
    }

    /** Takes what one connection brings, and says at which rate it came, in Mbit/s. */
    private static void sink() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("listening");
            try (Socket socket = server.accept()) {
                InputStream input = socket.getInputStream();
                byte[] buffer = new byte[1 << 16];
                long start = System.nanoTime();
                long bytes = 0;
                for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                    bytes += read;
                }
                System.out.println(bytes * 8000 / (System.nanoTime() - start));
            }
        }
    }

    private static void source(String peer) throws IOException {
        try (Socket socket = new Socket(peer, PORT)) {
            OutputStream output = socket.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (long start = System.nanoTime(); System.nanoTime() - start < SEND_NANOS; ) {
                output.write(buffer);
            }
        }
    }

    /** Sends a datagram 50 times a second, and says a line for each one that it gets. */
    private static void chat(String peer) throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket(PORT)) {
            Thread.ofPlatform().daemon().start(() -> hear(socket));
            InetAddress address = InetAddress.getByName(peer);
            while (!System.out.checkError()) {
                socket.send(new DatagramPacket(new byte[8], 8, address, PORT));
                Thread.sleep(20);
            }
        }
    }

    private static void hear(DatagramSocket socket) {
        try {
            while (true) {
                socket.receive(new DatagramPacket(new byte[8], 8));
                System.out.println("heard");
            }
        } catch (IOException closed) {
            System.out.println(closed);
        }
    }
}
