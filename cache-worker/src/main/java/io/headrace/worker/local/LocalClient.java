package io.headrace.worker.local;

import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseCodec;
import io.headrace.protocol.local.LeaseRequest;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.protocol.local.LeaseRequest.Release;
import io.headrace.protocol.token.TokenException;
import io.headrace.protocol.unix.UnixSocket;
import io.headrace.worker.local.ClientLeases.Answer;
import io.headrace.worker.serve.Authorizer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Its leases end with it: they are released when the client closed the connection or died, since it
 * has no descriptor any more then, and abandoned when the connection ends in any other way.
 */
final class LocalClient {
    private static final Logger LOG = LoggerFactory.getLogger(LocalClient.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UnixSocket socket;
    private final LocalParts parts;
    private final LeaseTable table;
    private final PeerRights rights;
    private final ClientLeases leases;
    private volatile boolean stopping;

    LocalClient(UnixSocket socket, LocalParts parts, LeaseTable table, PeerRights rights) {
        this.socket = socket;
        this.parts = parts;
        this.table = table;
        this.rights = rights;
        this.leases = new ClientLeases(parts, table);
    }

    /** Serves until the end of the connection, on the calling thread. */
    void run() {
        table.entered(1);
        boolean clientIsGone = false;
        try {
            socket.patience(PATIENCE, PATIENCE);
            Optional<Authorizer.Access> access = greet();
            // It asks when it wants to, but takes what it asked for.
            socket.patience(Duration.ZERO, PATIENCE);
            while (access.isPresent()) {
                answer(access.get(), receive());
            }
        } catch (EOFException gone) {
            clientIsGone = !stopping;
        } catch (IOException failure) {
            LOG.debug("the connection of a client of this machine ends", failure);
        } finally {
            if (clientIsGone) {
                leases.releaseAll();
            } else {
                leases.abandonAll();
            }
            table.entered(-1);
            socket.close();
        }
    }

    void stop() {
        stopping = true;
        socket.shutDown();
    }

    /** Empty when it was refused. */
    private Optional<Authorizer.Access> greet() throws IOException {
        Hello hello;
        try {
            hello = Hello.decode(receive(Hello.HEAD_BYTES, Hello::tokenBytes));
        } catch (MalformedFrameException malformed) {
            return refuse(Failure.of(malformed));
        }
        UnixSocket.Peer peer = socket.peer();
        if (!rights.permit(peer)) {
            LOG.info(
                    "process {} of user {} is refused: it is not the worker's user, root or of local.group",
                    peer.process(),
                    peer.user());
            return refuse(Failure.of(
                    Status.UNAUTHORIZED, "the worker lends its files to its own user, root and local.group alone"));
        }
        if (!hello.speaks(BlockProtocol.VERSION)) {
            return refuse(Failure.of(
                    Status.VERSION_NOT_SPOKEN, "the worker speaks version " + BlockProtocol.VERSION + " alone"));
        }
        try {
            Authorizer.Access access = parts.authorizer().admit(InetAddress.getLoopbackAddress(), hello.token());
            int most = Math.min(0xffff, parts.settings().mostLeases());
            socket.send(Welcome.encode(new Welcome.Accepted(BlockProtocol.VERSION, 0, most, 1)));
            return Optional.of(access);
        } catch (TokenException refused) {
            return refuse(Failure.of(Status.UNAUTHORIZED, refused.why()));
        }
    }

    private Optional<Authorizer.Access> refuse(Failure why) throws IOException {
        table.answered(why.status());
        socket.send(Welcome.encode(new Welcome.Refused(why)));
        return Optional.empty();
    }

    private LeaseRequest receive() throws IOException {
        return LeaseCodec.decodeRequest(receive(LeaseCodec.HEAD_BYTES, LeaseCodec::requestBytes));
    }

    /** How much a head announces. */
    @FunctionalInterface
    private interface Announced {
        int behind(ByteBuffer head) throws MalformedFrameException;
    }

    /** A head and what it announces. Descriptors that a client sends are closed. */
    private ByteBuffer receive(int headBytes, Announced announced) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(headBytes);
        UnixSocket.dropDescriptor(socket.receiveFully(head));
        int more = announced.behind(head.flip());
        if (more == 0) {
            return head;
        }
        ByteBuffer whole = ByteBuffer.allocate(headBytes + more).put(head);
        UnixSocket.dropDescriptor(socket.receiveFully(whole));
        return whole.flip();
    }

    private void answer(Authorizer.Access access, LeaseRequest request) throws IOException {
        Answer answer = switch (request) {
            case OpenLocal open -> lend(access, open);
            case Release(int lease) -> leases.release(lease);
        };
        table.answered(answer.answer() instanceof Refused(Failure why) ? why.status() : Status.OK);
        socket.send(LeaseCodec.encode(answer.answer()), answer.descriptor());
    }

    private Answer lend(Authorizer.Access access, OpenLocal open) {
        Optional<String> notPermitted = access.refusal(open.version().mount());
        if (notPermitted.isPresent()) {
            return Answer.refused(Status.UNAUTHORIZED, notPermitted.get());
        }
        try {
            return leases.lend(open);
        } catch (IOException failure) {
            LOG.warn("block {} of {} cannot be lent", open.block(), open.version(), failure);
            return Answer.refused(Status.WORKER_FAILED, "the worker's store failed; its log says why");
        }
    }
}
