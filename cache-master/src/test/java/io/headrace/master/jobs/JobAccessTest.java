package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.headrace.client.cluster.MasterAccess;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.master.MasterServer;
import io.headrace.master.access.AccessInterceptor;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.token.TokenCodec;
import io.headrace.protocol.token.TokenJudge;
import io.headrace.protocol.token.TokenKeys;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.MigrateSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may have workers copy with their credentials. */
final class JobAccessTest {
    private static final KeyPair KEYS = TokenKeys.generate();

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private int port;
    private String source;
    private String target;

    private record NoViews() implements ClusterViews {
        @Override
        public ClusterView current() {
            return ClusterView.NONE;
        }

        @Override
        public List<ClusterView> earlier() {
            return List.of();
        }
    }

    @BeforeEach
    void startMaster() throws IOException {
        source = folder("source");
        target = folder("target");
        Catalog catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        opened.add(catalog);
        Jobs jobs = Jobs.open(
                directory.resolve("jobs"),
                JobsSettings.defaults(),
                new Jobs.Surroundings(
                        catalog,
                        new NoViews(),
                        Clock.systemUTC(),
                        Ticker.systemTicker(),
                        FaultPoints.NONE,
                        new SimpleMeterRegistry()));
        opened.add(jobs);
        TokenJudge judge =
                new TokenJudge(() -> List.of(KEYS.getPublic()), Set::of, Duration.ofSeconds(60), Clock.systemUTC());
        MasterServer server = MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create(),
                List.of(jobs.service()),
                List.of(new AccessInterceptor(judge)));
        opened.add(server);
        port = server.port();
    }

    private String folder(String name) throws IOException {
        String uri = Files.createDirectory(directory.resolve(name)).toUri().toString();
        return uri.substring(0, uri.length() - 1);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void a_migrate_needs_a_token_that_administers_and_covers_both_places() {
        assertThatThrownBy(() -> migrate(new Scope.AllMounts(), Right.MOUNT))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("administer");
        assertThatThrownBy(() -> migrate(of(source), Right.ADMINISTER))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("does not cover");
        assertThatThrownBy(() -> migrate(of(target), Right.ADMINISTER)).hasMessageContaining("does not cover");

        assertThat(migrate(of(source, target), Right.ADMINISTER).getId()).isEqualTo(1);
        assertThat(migrate(new Scope.AllMounts(), Right.ADMINISTER).getId()).isEqualTo(2);
    }

    private static Scope of(String... uris) {
        List<MountId> ids = new ArrayList<>();
        for (String uri : uris) {
            ids.add(MountId.of(URI.create(uri)));
        }
        return new Scope.Mounts(Set.copyOf(ids));
    }

    private JobStatus migrate(Scope scope, Right right) {
        Validity now =
                new Validity(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600));
        String token = TokenCodec.sign(new Grant("id", "team", scope, Set.of(right), now), KEYS.getPrivate());
        ManagedChannel channel = MasterChannel.open(
                MasterEndpoints.of(new Endpoint("127.0.0.1", port)),
                new MasterAccess(InsecureChannelCredentials.create(), () -> Bytes.utf8(token)));
        opened.add(channel::shutdownNow);
        return JobsGrpc.newBlockingStub(channel)
                .withDeadlineAfter(45, TimeUnit.SECONDS)
                .submitJob(JobSpec.newBuilder()
                        .setMigrate(MigrateSpec.newBuilder().setSource(source).setTarget(target))
                        .build());
    }
}
