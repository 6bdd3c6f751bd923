package io.headrace.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.token.TokenCodec;
import io.headrace.protocol.token.TokenJudge;
import io.headrace.protocol.token.TokenKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that asks each client for a token. */
final class TokenReadsTest {
    private static final KeyPair KEYS = TokenKeys.generate();
    private static final Instant START = Instant.parse("2026-11-25T08:00:00Z");
    private static final FileVersion FILE = CountedOrigin.version("model", 1 << 20);
    private static final MountId OTHER = new MountId("ffffffffffffffff");

    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private TestWorker worker;

    @BeforeEach
    void start() throws IOException {
        TokenJudge judge = new TokenJudge(() -> List.of(KEYS.getPublic()), Set::of, Duration.ofSeconds(60), clock);
        worker = new TestWorker(
                "w1",
                directory,
                new CountedOrigin(),
                new TestWorker.Kind(BlockServerSettings.defaults(), Authorizer.byToken(judge), Transport.best()));
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
    }

    private static String token(MountId mount, Instant from, KeyPair keys) {
        Grant grant = new Grant(
                "id-7",
                "team-a",
                new Scope.Mounts(Set.of(mount)),
                Set.of(Right.READ),
                new Validity(from, from.plusSeconds(3600)));
        return TokenCodec.sign(grant, keys.getPrivate());
    }

    @Test
    void a_hello_with_a_bad_token_is_refused_and_told_why() throws IOException {
        String good = token(CountedOrigin.MOUNT, START, KEYS);
        assertNotAdmitted("", "a token is needed here and none was shown");
        assertNotAdmitted("hunter2", "none of Headrace");
        assertNotAdmitted(good.substring(0, good.length() - 4) + "AAAA", "was changed");
        assertNotAdmitted(token(CountedOrigin.MOUNT, START, TokenKeys.generate()), "signed by none of the keys");
        assertNotAdmitted(
                token(CountedOrigin.MOUNT, START.minusSeconds(9000), KEYS), "expired at 2026-11-25T06:30:00Z");
        assertNotAdmitted(token(CountedOrigin.MOUNT, START.plusSeconds(600), KEYS), "not valid before");
    }

    private void assertNotAdmitted(String token, String why) throws IOException {
        try (RawClient client = new RawClient(worker.port())) {
            assertThat(client.greet(Hello.withToken(Bytes.utf8(token))))
                    .isInstanceOfSatisfying(Welcome.Refused.class, refused -> {
                        assertThat(refused.failure().status()).isEqualTo(Status.UNAUTHORIZED);
                        assertThat(refused.failure().message()).contains(why);
                        if (!token.isEmpty()) {
                            assertThat(refused.failure().message()).doesNotContain(token);
                        }
                    });
        }
    }

    @Test
    void a_file_of_another_mount_is_refused_and_the_connection_stays() throws IOException {
        try (RawClient client = new RawClient(worker.port())) {
            client.greet(Hello.withToken(Bytes.utf8(token(CountedOrigin.MOUNT, START, KEYS))));
            client.open(1, new FileVersion(OTHER, ObjectKey.of("x"), 10, new EntityTag("\"1\"")));
            assertRefused(client, "token id-7 of tenant team-a does not cover mount " + OTHER);
            client.open(1, FILE);
            assertThat(client.next().status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void a_token_that_expires_ends_reads_on_an_open_file() throws IOException {
        try (RawClient client = new RawClient(worker.port())) {
            client.greet(Hello.withToken(Bytes.utf8(token(CountedOrigin.MOUNT, START, KEYS))));
            client.open(1, FILE);
            assertThat(client.next().status()).isEqualTo(Status.OK);
            clock.now = START.plusSeconds(3600 + 61);
            client.send(RawClient.read(2, 1, new ByteRange(0, 4096)));
            assertRefused(client, "token id-7 of tenant team-a expired at 2026-11-25T09:00:00Z");
        }
    }

    @Test
    void a_client_with_a_new_token_reads_on_without_a_failure() throws IOException {
        AtomicReference<String> shown = new AtomicReference<>(token(CountedOrigin.MOUNT, START, KEYS));
        PeerSettings patient =
                new PeerSettings(1, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45));
        try (WorkerConnections connections = new WorkerConnections(patient, () -> Bytes.utf8(shown.get()))) {
            ClusterSource source = new ClusterSource(
                    new ClusterSource.Cluster(new OneWorker(worker), new RendezvousPlacement(), 1),
                    connections,
                    Optional.empty());
            read(source, 0);
            shown.set(token(CountedOrigin.MOUNT, START.plusSeconds(3600), KEYS));
            clock.now = START.plusSeconds(7000);
            read(source, 65536);
        }
    }

    private static void read(ClusterSource source, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        try (ReadableByteChannel channel =
                source.open(FILE, new ByteRange(offset, buffer.capacity()), FetchReason.DEMAND)) {
            while (buffer.hasRemaining()) {
                assertThat(channel.read(buffer)).isPositive();
            }
        }
    }

    private static void assertRefused(RawClient client, String message) throws IOException {
        RawClient.Frame frame = client.next();
        assertThat(frame.status()).isEqualTo(Status.UNAUTHORIZED);
        assertThat(frame.failure().message()).contains(message);
    }

    /** A view of one worker. */
    private record OneWorker(TestWorker worker) implements ClusterViews {
        @Override
        public ClusterView current() {
            return new ClusterView(1, List.of(worker.worker()));
        }

        @Override
        public List<ClusterView> earlier() {
            return List.of();
        }
    }

    /** Stands still until it is set. */
    private static final class SetClock extends Clock {
        private volatile Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("one zone is enough");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
