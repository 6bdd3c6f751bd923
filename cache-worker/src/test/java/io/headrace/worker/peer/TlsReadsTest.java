package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.protocol.tls.TlsSettings;
import io.headrace.testing.tls.CertificateAuthority;
import io.headrace.testing.tls.CertificateAuthority.Issued;
import io.headrace.testing.tls.CertificateAuthority.Period;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client and a worker that read by TLS, or do not come together. */
final class TlsReadsTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = CountedOrigin.version("model", 9L * MIB + 1234);
    private static final Duration RELOAD = Duration.ofMillis(100);
    private static final List<String> HERE = List.of("127.0.0.1", "localhost");

    private static final PeerSettings PATIENT =
            new PeerSettings(2, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45));

    /** For reads that cannot succeed. */
    private static final PeerSettings BRIEF =
            new PeerSettings(1, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(3));

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CertificateAuthority authority = CertificateAuthority.create("cluster", Period.days(1));
    private Path trusted;

    @BeforeEach
    void writeAuthority() throws IOException {
        trusted = authority.writeTo(directory.resolve("ca.pem"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void every_byte_is_right_whatever_the_size_of_ranges_and_buffers() throws Exception {
        RangeSource source = client(worker(identity("worker")), PATIENT, Optional.of(identity("client")));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 25; i++) {
            long offset = random.nextLong(FILE.lengthBytes());
            long length = 1 + random.nextLong(FILE.lengthBytes() - offset);
            int buffer = 1 + random.nextInt(random.nextBoolean() ? 100_000 : 2 * MIB);
            try {
                SourceReads.readChecked(source, FILE, new ByteRange(offset, length), buffer, position -> {});
            } catch (AssertionError | IOException e) {
                throw new AssertionError("seed " + seed + ", read " + i, e);
            }
        }
        assertThat(origin.givenBytes()).isLessThanOrEqualTo(FILE.lengthBytes());
    }

    @Test
    void a_ca_and_all_certificates_are_replaced_while_bytes_are_read() throws Exception {
        Issued workers = authority.issue(directory, "worker", HERE, Period.days(1));
        TlsIdentity served = identity(workers.trusting(trusted, RELOAD));
        TestWorker worker = worker(served);
        Issued clients = authority.issue(directory, "client", HERE, Period.days(1));
        TlsIdentity reading = identity(clients.trusting(trusted, RELOAD));
        RangeSource source = client(worker, PATIENT, Optional.of(reading));
        SourceReads.readChecked(source, FILE, FILE.wholeFile(), 64 << 10, position -> {
            if (position < MIB) {
                replaceAll(served, reading);
            }
        });
        // A new client, which knows the new CA alone.
        Path fresh = directory.resolve("fresh.pem");
        Files.writeString(fresh, Files.readString(trusted));
        RangeSource newcomer = client(worker, PATIENT, Optional.of(identity(clients.trusting(fresh, RELOAD))));
        SourceReads.readChecked(newcomer, FILE, FILE.wholeFile());
        SourceReads.readChecked(source, FILE, FILE.wholeFile());
    }

    private void replaceAll(TlsIdentity served, TlsIdentity reading) {
        if (Files.exists(directory.resolve("replaced"))) {
            return;
        }
        try {
            Files.createFile(directory.resolve("replaced"));
            CertificateAuthority next = CertificateAuthority.create("next", Period.days(1));
            next.writeTo(trusted);
            for (String name : List.of("worker", "client")) {
                next.issue(directory, name, HERE, Period.days(1));
            }
            await().until(() -> isOf(next, served) && isOf(next, reading));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isOf(CertificateAuthority issuer, TlsIdentity identity) {
        return identity.certificate()
                .getIssuerX500Principal()
                .equals(issuer.certificate().getSubjectX500Principal());
    }

    @Test
    void a_worker_of_another_ca_is_not_read_from() throws Exception {
        CertificateAuthority other = CertificateAuthority.create("other", Period.days(1));
        Issued issued = authority.issue(directory, "client", HERE, Period.days(1));
        TlsIdentity client = identity(issued.trusting(other.writeTo(directory.resolve("other.pem")), RELOAD));
        assertFails(
                client(worker(identity("worker")), BRIEF, Optional.of(client)),
                "not signed by a CA in tls.trusted-file");
    }

    @Test
    void a_client_of_another_ca_is_not_served() throws Exception {
        CertificateAuthority other = CertificateAuthority.create("other", Period.days(1));
        TlsIdentity client =
                identity(other.issue(directory, "client", HERE, Period.days(1)).trusting(trusted, RELOAD));
        assertFails(
                client(worker(identity("worker")), BRIEF, Optional.of(client)),
                "does not accept the certificate of this process");
    }

    @Test
    void a_worker_whose_certificate_has_another_name_is_not_read_from() throws Exception {
        TlsIdentity elsewhere = identity(authority
                .issue(directory, "worker", List.of("elsewhere"), Period.days(1))
                .trusting(trusted, RELOAD));
        assertFails(
                client(worker(elsewhere), BRIEF, Optional.of(identity("client"))),
                "its certificate is for another host");
    }

    @Test
    void a_name_that_all_workers_share_does_instead_of_the_host() throws Exception {
        TlsIdentity shared = identity(authority
                .issue(directory, "worker", List.of("workers"), Period.days(1))
                .trusting(trusted, RELOAD));
        Issued issued = authority.issue(directory, "client", HERE, Period.days(1));
        TlsIdentity client = identity(new TlsSettings(
                Optional.of(issued.certificate()),
                Optional.of(issued.key()),
                Optional.of(trusted),
                Optional.of("workers"),
                RELOAD));
        SourceReads.readChecked(client(worker(shared), PATIENT, Optional.of(client)), FILE, FILE.wholeFile());
    }

    @Test
    void a_worker_whose_certificate_has_expired_is_not_read_from() throws Exception {
        Instant end = Instant.now().plusSeconds(4);
        TlsIdentity ageing = identity(authority
                .issue(directory, "worker", HERE, new Period(Instant.now().minusSeconds(60), end))
                .trusting(trusted, RELOAD));
        TestWorker worker = worker(ageing);
        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));
        assertFails(client(worker, BRIEF, Optional.of(identity("client"))), "its certificate expired");
    }

    @Test
    void a_client_in_plain_text_is_told_that_the_worker_speaks_tls() throws Exception {
        assertFails(client(worker(identity("worker")), BRIEF, Optional.empty()), "the worker speaks TLS alone");
    }

    @Test
    void a_client_by_tls_is_told_that_the_worker_speaks_plain_text() throws Exception {
        TestWorker plain = TestWorker.start("w1", directory, origin);
        opened.add(plain);
        assertFails(client(plain, BRIEF, Optional.of(identity("client"))), "it speaks plain text and this process TLS");
    }

    private static void assertFails(RangeSource source, String message) {
        assertThatThrownBy(() -> SourceReads.readChecked(source, FILE, FILE.wholeFile()))
                .isInstanceOf(OriginException.class)
                .hasMessageContaining(message);
    }

    private TlsIdentity identity(String name) throws IOException {
        return identity(authority.issue(directory, name, HERE, Period.days(1)).trusting(trusted, RELOAD));
    }

    private TlsIdentity identity(TlsSettings settings) throws IOException {
        TlsIdentity identity = TlsIdentity.open(settings);
        opened.add(identity);
        return identity;
    }

    private TestWorker worker(TlsIdentity identity) throws IOException {
        TestWorker worker = TestWorker.startSecure("w1", directory, origin, identity, Authorizer.everybody());
        opened.add(worker);
        return worker;
    }

    private RangeSource client(TestWorker worker, PeerSettings settings, Optional<TlsIdentity> identity) {
        WorkerConnections connections = new WorkerConnections(settings, () -> Bytes.EMPTY, identity);
        opened.add(connections);
        SetViews views = new SetViews(worker.worker());
        return new ClusterSource(
                new ClusterSource.Cluster(views, new RendezvousPlacement(), 1), connections, Optional.empty());
    }
}
