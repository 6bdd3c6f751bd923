package io.headrace.master.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ServerCredentials;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.headrace.client.cluster.MasterAccess;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.master.MasterServer;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.protocol.tls.TlsSettings;
import io.headrace.testing.tls.CertificateAuthority;
import io.headrace.testing.tls.CertificateAuthority.Issued;
import io.headrace.testing.tls.CertificateAuthority.Period;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to a master by TLS, and those that do not come about. */
final class SecureMasterIT {
    private static final Duration RELOAD = Duration.ofMillis(100);
    private static final List<String> HERE = List.of("127.0.0.1");
    private static final long PATIENCE_SECONDS = 45;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CertificateAuthority authority = CertificateAuthority.create("cluster", Period.days(1));
    private Path trusted;

    @BeforeEach
    void writeAuthority() throws IOException {
        trusted = authority.writeTo(folder.resolve("ca.pem"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void both_sides_show_certificates_of_the_same_ca() throws IOException {
        int port = master(identity("master", HERE).ofServer());
        assertThat(call(client(port, identity("client", HERE)))).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void a_new_connection_sees_the_new_certificate() throws IOException {
        Issued issued = authority.issue(folder, "master", HERE, Period.days(1));
        TlsIdentity served = identity(issued.trusting(trusted, RELOAD));
        int port = master(served.ofServer());
        ManagedChannel before = client(port, identity("client", HERE));
        assertThat(call(before)).isEqualTo(ServingStatus.SERVING);
        X509Certificate old = served.certificate();
        CertificateAuthority next = CertificateAuthority.create("next", Period.days(1));
        Path both = folder.resolve("next.pem");
        next.writeTo(both);
        next.issue(folder, "master", HERE, Period.days(1));
        await().until(() -> !served.certificate().equals(old));
        TlsIdentity knowsNextAlone =
                identity(authority.issue(folder, "client", HERE, Period.days(1)).trusting(both, RELOAD));
        assertThat(call(client(port, knowsNextAlone))).isEqualTo(ServingStatus.SERVING);
        assertThat(call(before)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void a_master_of_another_ca_is_not_called() throws IOException {
        CertificateAuthority other = CertificateAuthority.create("other", Period.days(1));
        int port = master(
                identity(other.issue(folder, "master", HERE, Period.days(1)).trusting(trusted, RELOAD))
                        .ofServer());
        assertThat(whyItFails(client(port, identity("client", HERE))))
                .contains("not signed by a CA in tls.trusted-file");
    }

    @Test
    void a_client_of_another_ca_is_told_so() throws IOException {
        CertificateAuthority other = CertificateAuthority.create("other", Period.days(1));
        TlsIdentity stranger =
                identity(other.issue(folder, "client", HERE, Period.days(1)).trusting(trusted, RELOAD));
        int port = master(identity("master", HERE).ofServer());
        assertThat(whyItFails(client(port, stranger))).contains("does not accept the certificate of this process");
    }

    @Test
    void a_master_whose_certificate_has_another_name_is_not_called() throws IOException {
        int port = master(identity("master", List.of("elsewhere")).ofServer());
        assertThat(whyItFails(client(port, identity("client", HERE)))).contains("its certificate is for another host");
    }

    @Test
    void each_of_several_masters_is_known_by_its_own_name() throws IOException {
        int port = master(identity("master", List.of("localhost")).ofServer());
        Endpoint gone = new Endpoint("127.0.0.1", 1);
        MasterAccess access = new MasterAccess(identity("client", HERE).ofClient(), () -> Bytes.EMPTY);
        ManagedChannel channel = MasterChannel.open(MasterEndpoints.of(gone, new Endpoint("localhost", port)), access);
        opened.add(channel::shutdownNow);
        assertThat(call(channel)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void a_worker_in_plain_text_is_told_that_the_master_speaks_tls() throws IOException {
        int port = master(identity("master", HERE).ofServer());
        ManagedChannel plain = channel(port, MasterAccess.open());
        assertThat(whyItFails(plain)).contains("does it speak TLS, and this process plain text?");
    }

    @Test
    void a_client_by_tls_is_told_that_the_master_speaks_plain_text() throws IOException {
        int port = master(InsecureServerCredentials.create());
        assertThat(whyItFails(client(port, identity("client", HERE))))
                .contains("it speaks plain text and this process TLS");
    }

    private static ServingStatus call(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static String whyItFails(ManagedChannel channel) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> call(channel));
        assertThat(failure).isNotNull();
        return MasterTrouble.why(failure);
    }

    private int master(ServerCredentials credentials) throws IOException {
        MasterServer server =
                MasterServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials, List.of());
        opened.add(server);
        return server.port();
    }

    private ManagedChannel client(int port, TlsIdentity identity) {
        return channel(port, new MasterAccess(identity.ofClient(), () -> Bytes.EMPTY));
    }

    private ManagedChannel channel(int port, MasterAccess access) {
        ManagedChannel channel = MasterChannel.open(MasterEndpoints.of(new Endpoint("127.0.0.1", port)), access);
        opened.add(channel::shutdownNow);
        return channel;
    }

    private TlsIdentity identity(String name, List<String> hosts) throws IOException {
        return identity(authority.issue(folder, name, hosts, Period.days(1)).trusting(trusted, RELOAD));
    }

    private TlsIdentity identity(TlsSettings settings) throws IOException {
        TlsIdentity identity = TlsIdentity.open(settings);
        opened.add(identity);
        return identity;
    }
}
