package io.headrace.protocol.unix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The system calls of this package. Each returns what the call returned, or the negated error number. Numbers are those of
 * Linux on x86-64 and aarch64.
 */
final class SocketCalls {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int EPIPE = 32;
    static final int ECONNABORTED = 103;
    static final int ECONNRESET = 104;

    private static final int AF_UNIX = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int SOCK_STREAM_CLOEXEC = 1 | CLOEXEC;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SHUT_RDWR = 2;

    /** Of {@code struct sockaddr_un}, the zero at the path's end included. */
    private static final int MOST_PATH_BYTES = 108;

    private static final MethodHandle SOCKET = intCall("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SOCKETPAIR = intCall("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle BIND = intCall("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = intCall("listen", JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT = intCall("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ACCEPT4 = intCall("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            intCall("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            intCall("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SHUTDOWN = intCall("shutdown", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = intCall("close", JAVA_INT);
    private static final MethodHandle SENDMSG = longCall("sendmsg", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMSG = longCall("recvmsg", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle PREAD = longCall("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETEUID = NativeFunctions.plain("geteuid", JAVA_INT);
    private static final MethodHandle STRERROR = NativeFunctions.plain("strerror", ADDRESS, JAVA_INT);

    private SocketCalls() {}

    private static MethodHandle intCall(String name, MemoryLayout... arguments) {
        return NativeFunctions.capturing(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle longCall(String name, MemoryLayout... arguments) {
        return NativeFunctions.capturing(name, FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    /** {@code struct sockaddr_un} of a path. */
    static MemorySegment address(Path path, Arena arena) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= MOST_PATH_BYTES) {
            throw new IOException("the path of a socket has at most " + (MOST_PATH_BYTES - 1) + " bytes, and " + path
                    + " has " + name.length + "; choose a shorter directory");
        }
        MemorySegment address = arena.allocate(2 + name.length + 1L, 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(MemorySegment.ofArray(name), 0, address, 2, name.length);
        return address;
    }

    static int socket() {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) SOCKET.invokeExact(captured, AF_UNIX, SOCK_STREAM_CLOEXEC, 0), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** @param ends takes two ints */
    static int socketPair(MemorySegment ends) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) SOCKETPAIR.invokeExact(captured, AF_UNIX, SOCK_STREAM_CLOEXEC, 0, ends), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int bind(int socket, MemorySegment address) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) BIND.invokeExact(captured, socket, address, (int) address.byteSize()), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int listen(int socket, int backlog) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf((int) LISTEN.invokeExact(captured, socket, backlog), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int connect(int socket, MemorySegment address) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) CONNECT.invokeExact(captured, socket, address, (int) address.byteSize()), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int accept(int socket) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            MemorySegment nowhere = MemorySegment.NULL;
            return (int) NativeFunctions.resultOf(
                    (int) ACCEPT4.invokeExact(captured, socket, nowhere, nowhere, CLOEXEC), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** @param credentials takes {@code struct ucred}: pid, uid, gid */
    static int peerCredentials(int socket, MemorySegment credentials) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = NativeFunctions.captured();
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) credentials.byteSize());
            return (int) NativeFunctions.resultOf(
                    (int) GETSOCKOPT.invokeExact(captured, socket, SOL_SOCKET, SO_PEERCRED, credentials, length),
                    captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int receiveTimeout(int socket, MemorySegment time) {
        return option(socket, SO_RCVTIMEO, time);
    }

    static int sendTimeout(int socket, MemorySegment time) {
        return option(socket, SO_SNDTIMEO, time);
    }

    private static int option(int socket, int name, MemorySegment value) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            int returned =
                    (int) SETSOCKOPT.invokeExact(captured, socket, SOL_SOCKET, name, value, (int) value.byteSize());
            return (int) NativeFunctions.resultOf(returned, captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static long send(int socket, MemorySegment message) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf(
                    (long) SENDMSG.invokeExact(captured, socket, message, MSG_NOSIGNAL), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static long receive(int socket, MemorySegment message) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf(
                    (long) RECVMSG.invokeExact(captured, socket, message, MSG_CMSG_CLOEXEC), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int shutDown(int socket) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf((int) SHUTDOWN.invokeExact(captured, socket, SHUT_RDWR), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int close(int descriptor) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf((int) CLOSE.invokeExact(captured, descriptor), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static long readAt(int descriptor, MemorySegment into, long offset) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf(
                    (long) PREAD.invokeExact(captured, descriptor, into, into.byteSize(), offset), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** What an error number means, for messages. */
    static String describe(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0) + " (errno " + errno + ")";
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }
}
