package io.headrace.client.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.ListDirectoryRequest;
import io.headrace.protocol.v1.LookupReply;
import io.headrace.protocol.v1.LookupRequest;
import io.headrace.protocol.v1.WatchChangesRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What readers see of a master that answers what it should not, too much, or nothing. */
final class StrangeMasterTest {
    private static final EntryName NAME = EntryName.of("a");
    private static final CatalogEntry DIRECTORY = CatalogEntry.newBuilder()
            .setId(2)
            .setName(ByteString.copyFromUtf8("a"))
            .build();

    private final Scripted script = new Scripted();
    private Server server;
    private ManagedChannel channel;
    private RemoteNamespace client;

    /** Answers as the test says; a call without an answer hangs. */
    private static final class Scripted extends CatalogGrpc.CatalogImplBase {
        private final AtomicInteger lookups = new AtomicInteger();
        private volatile LookupReply lookup = LookupReply.getDefaultInstance();
        private volatile int busyTimes;
        private volatile boolean silent;
        private volatile DirectoryPage page = DirectoryPage.getDefaultInstance();

        @Override
        public void lookup(LookupRequest request, StreamObserver<LookupReply> reply) {
            if (lookups.incrementAndGet() <= busyTimes) {
                reply.onError(FailureCodec.busy("come back"));
            } else if (!silent) {
                reply.onNext(lookup);
                reply.onCompleted();
            }
        }

        @Override
        public StreamObserver<ListDirectoryRequest> listDirectory(StreamObserver<DirectoryPage> reply) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ListDirectoryRequest request) {
                    reply.onNext(page);
                }

                @Override
                public void onError(Throwable cancelled) {}

                @Override
                public void onCompleted() {
                    reply.onCompleted();
                }
            };
        }

        @Override
        public void watchChanges(WatchChangesRequest request, StreamObserver<ChangeBatch> reply) {
            if (!silent) {
                reply.onNext(ChangeBatch.newBuilder()
                        .setHistory(1)
                        .setStartOver(true)
                        .setHeartbeatMillis(100)
                        .setRootModifiedUnixMillis(1)
                        .build());
            }
        }
    }

    @BeforeEach
    void connect() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(script)
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .build();
        client = RemoteNamespace.over(
                channel,
                new NamesSettings(Duration.ofSeconds(45), Duration.ofMinutes(10), 100, 100, 10),
                System::nanoTime,
                new Random(1));
    }

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(45, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.awaitTermination(45, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void an_answer_that_is_too_large_is_a_failure_and_no_absent_name() {
        script.lookup = LookupReply.newBuilder()
                .setEntry(DIRECTORY.toBuilder().setName(ByteString.copyFrom(new byte[5 << 20])))
                .build();
        assertThatThrownBy(() -> client.lookup(Namespace.ROOT_ID, NAME))
                .isInstanceOf(MasterException.Failed.class)
                .hasMessageContaining("for \"a\" in directory 1");
    }

    @Test
    void an_answer_that_is_no_entry_is_a_failure() {
        script.lookup = LookupReply.newBuilder()
                .setEntry(DIRECTORY.toBuilder().setId(-1))
                .build();
        assertThatThrownBy(() -> client.lookup(Namespace.ROOT_ID, NAME)).isInstanceOf(MasterException.Failed.class);
    }

    @Test
    void pages_that_are_out_of_order_or_lead_nowhere_are_failures() {
        for (DirectoryPage strange : new DirectoryPage[] {
            DirectoryPage.newBuilder()
                    .addEntries(DIRECTORY)
                    .addEntries(DIRECTORY)
                    .setEnd(true)
                    .build(),
            DirectoryPage.getDefaultInstance(),
            DirectoryPage.newBuilder().setPosition(7).setEnd(true).build()
        }) {
            script.page = strange;
            assertThatThrownBy(() -> client.openDirectory(Namespace.ROOT_ID))
                    .isInstanceOf(MasterException.Failed.class);
        }
    }

    @Test
    void a_busy_master_is_asked_again() throws IOException {
        script.busyTimes = 3;
        script.lookup = LookupReply.newBuilder().setEntry(DIRECTORY).build();
        assertThat(client.lookup(Namespace.ROOT_ID, NAME)).isPresent();
        assertThat(script.lookups).hasValue(4);
    }

    @Test
    void a_master_that_falls_silent_does_not_hold_up_a_reader_who_knows_the_name() throws IOException {
        script.lookup = LookupReply.newBuilder().setEntry(DIRECTORY).build();
        assertThat(client.lookup(Namespace.ROOT_ID, NAME)).isPresent();
        script.silent = true;
        // The reader's deadline is 45 s; three heartbeats of 100 ms tell that the master is gone.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.lookup(Namespace.ROOT_ID, NAME).isPresent());
        assertThat(script.lookups).hasValueGreaterThan(1);
    }

    @Test
    void a_closed_client_asks_nobody() {
        client.close();
        assertThatThrownBy(() -> client.lookup(Namespace.ROOT_ID, NAME))
                .isInstanceOf(MasterException.Unavailable.class);
    }
}
