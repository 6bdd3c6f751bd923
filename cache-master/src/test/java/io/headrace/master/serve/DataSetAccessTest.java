package io.headrace.master.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.client.cluster.MasterAccess;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.names.NamesSettings;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.master.MasterServer;
import io.headrace.master.access.AccessInterceptor;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.token.TokenCodec;
import io.headrace.protocol.token.TokenJudge;
import io.headrace.protocol.token.TokenKeys;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.DataSetsGrpc.DataSetsBlockingStub;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.MountRequest;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.Quota;
import io.headrace.protocol.v1.SetQuotaRequest;
import io.headrace.protocol.v1.UnmountRequest;
import io.headrace.protocol.v1.WatchChangesRequest;
import io.headrace.storage.UnderStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master that asks each call for a token. */
final class DataSetAccessTest {
    private static final KeyPair KEYS = TokenKeys.generate();
    private final Validity now =
            new Validity(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600));

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private int port;
    /** Of the master's clock. */
    private volatile Duration ahead = Duration.ZERO;

    @BeforeEach
    void startMaster() throws IOException {
        Catalog catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        DataSets dataSets = DataSets.open(directory.resolve("data-sets"), catalog, UnderStores::open);
        opened.add(dataSets);
        opened.add(catalog);
        CatalogService names = CatalogService.of(catalog, ServeSettings.defaults());
        opened.add(names);
        InstantSource clock = () -> Instant.now().plus(ahead);
        TokenJudge judge = new TokenJudge(
                () -> List.of(KEYS.getPublic()), Set::of, Duration.ofSeconds(60), clock.withZone(ZoneOffset.UTC));
        MasterServer server = MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create(),
                List.of(names, DataSetsService.of(dataSets, MountSettings.defaults(), names)),
                List.of(new AccessInterceptor(judge)));
        opened.add(server);
        port = server.port();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void a_call_without_a_token_is_refused_with_how_to_show_one() {
        assertRefused(Status.Code.UNAUTHENTICATED, "token.file", () -> mounts(calls("")));
    }

    @Test
    void a_token_that_is_none_or_over_or_of_another_key_is_refused() {
        assertRefused(Status.Code.UNAUTHENTICATED, "none of Headrace", () -> mounts(calls("hunter2")));
        Validity over =
                new Validity(Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600));
        assertRefused(
                Status.Code.UNAUTHENTICATED, "expired at", () -> mounts(calls(token(new Scope.AllMounts(), over))));
        Validity later =
                new Validity(Instant.now().plusSeconds(3600), Instant.now().plusSeconds(7200));
        assertRefused(
                Status.Code.UNAUTHENTICATED,
                "not valid before",
                () -> mounts(calls(token(new Scope.AllMounts(), later))));
        String foreign = TokenCodec.sign(
                new Grant("id", "team", new Scope.AllMounts(), Set.of(Right.READ), now),
                TokenKeys.generate().getPrivate());
        assertRefused(Status.Code.UNAUTHENTICATED, "token.keys-file", () -> mounts(calls(foreign)));
    }

    @Test
    void a_call_that_needs_another_right_is_refused_and_names_it() throws IOException {
        DataSetsBlockingStub reader = calls(token(new Scope.AllMounts(), now, Right.READ));
        assertThat(mounts(reader)).isEmpty();
        MountRequest request = MountRequest.newBuilder().setDataSet(folder("a")).build();
        assertRefused(Status.Code.PERMISSION_DENIED, "lacks the right to mount", () -> reader.mount(request));
        DataSetsBlockingStub mounter = calls(token(new Scope.AllMounts(), now, Right.MOUNT));
        assertThat(mounter.mount(request).getDataSet().getPath()).isEqualTo("a");
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                "lacks the right to administer",
                () -> mounter.setQuota(SetQuotaRequest.newBuilder().setPath("a").build()));
    }

    @Test
    void a_tenant_sees_and_changes_the_data_sets_of_its_token_alone() throws IOException {
        DataSet ours = folder("ours");
        DataSet theirs = folder("theirs");
        Scope scope = new Scope.Mounts(Set.of(MountId.of(URI.create(ours.getUri()))));
        DataSetsBlockingStub all = calls(token(new Scope.AllMounts(), now, Right.MOUNT));
        DataSetsBlockingStub tenant = calls(token(scope, now, Right.ADMINISTER));
        all.mount(MountRequest.newBuilder().setDataSet(theirs).build());
        tenant.mount(MountRequest.newBuilder().setDataSet(ours).build());

        assertThat(mounts(all)).hasSize(2);
        assertThat(mounts(tenant))
                .extracting(mounted -> mounted.getDataSet().getPath())
                .containsExactly("ours");
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                "tenant team does not cover mount " + MountId.of(URI.create(theirs.getUri())),
                () -> tenant.unmount(
                        UnmountRequest.newBuilder().setPath("theirs").build()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                "does not cover mount",
                () -> tenant.setQuota(SetQuotaRequest.newBuilder()
                        .setPath("theirs")
                        .setQuota(Quota.newBuilder().setBytes(1))
                        .build()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                "does not cover mount",
                () -> tenant.mount(
                        MountRequest.newBuilder().setDataSet(folder("more")).build()));
        assertThat(mounts(all)).hasSize(2);
    }

    @Test
    void a_tenant_finds_the_names_of_its_token_alone() throws IOException {
        DataSet ours = folder("ours");
        DataSet theirs = folder("theirs");
        Files.writeString(directory.resolve("origin-ours/file"), "1");
        Files.createDirectories(directory.resolve("origin-theirs/inside"));
        Files.writeString(directory.resolve("origin-theirs/inside/file"), "1");
        DataSetsBlockingStub all = calls(token(new Scope.AllMounts(), now, Right.MOUNT));
        all.mount(MountRequest.newBuilder().setDataSet(ours).build());
        all.mount(MountRequest.newBuilder().setDataSet(theirs).build());
        RemoteNamespace everything = names(token(new Scope.AllMounts(), now));
        RemoteNamespace tenant = names(token(new Scope.Mounts(Set.of(MountId.of(URI.create(ours.getUri())))), now));
        Entry hidden = everything.find(Bytes.utf8("theirs/inside")).orElseThrow();
        Entry hiddenFile = everything.find(Bytes.utf8("theirs/inside/file")).orElseThrow();

        assertThat(listed(everything, Namespace.ROOT_ID)).containsExactly("ours", "theirs");
        assertThat(listed(tenant, Namespace.ROOT_ID)).containsExactly("ours");
        assertThat(tenant.find(Bytes.utf8("ours/file"))).isPresent();
        assertThat(tenant.lookup(Namespace.ROOT_ID, EntryName.of("theirs"))).isEmpty();
        assertThat(tenant.lookup(hidden.id(), EntryName.of("file"))).isEmpty();
        assertThat(tenant.entry(hiddenFile.id())).isEmpty();
        assertThat(tenant.parentOf(hiddenFile.id())).isEmpty();
        assertThatThrownBy(() -> listed(tenant, hidden.id())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_tenant_is_told_of_changes_to_the_names_of_its_token_alone() throws Exception {
        DataSet ours = folder("ours");
        DataSet theirs = folder("theirs");
        DataSetsBlockingStub all = calls(token(new Scope.AllMounts(), now, Right.MOUNT));
        all.mount(MountRequest.newBuilder()
                .setDataSet(ours.toBuilder().setRevalidateOnOpen(true))
                .build());
        all.mount(MountRequest.newBuilder()
                .setDataSet(theirs.toBuilder().setRevalidateOnOpen(true))
                .build());
        RemoteNamespace everything = names(token(new Scope.AllMounts(), now));
        long oursId = everything.find(Bytes.utf8("ours")).orElseThrow().id();
        long theirsId = everything.find(Bytes.utf8("theirs")).orElseThrow().id();
        assertThat(everything.lookup(oursId, EntryName.of("file"))).isEmpty();
        assertThat(everything.lookup(theirsId, EntryName.of("file"))).isEmpty();
        Scope scope = new Scope.Mounts(Set.of(MountId.of(URI.create(ours.getUri()))));
        BlockingClientCall<?, ChangeBatch> watch = CatalogGrpc.newBlockingV2Stub(channel(token(scope, now)))
                .watchChanges(WatchChangesRequest.getDefaultInstance());
        assertThat(read(watch).getStartOver()).isTrue();

        Files.writeString(directory.resolve("origin-theirs/file"), "1");
        Files.writeString(directory.resolve("origin-ours/file"), "1");
        assertThat(everything.lookup(theirsId, EntryName.of("file"))).isPresent();
        assertThat(everything.lookup(oursId, EntryName.of("file"))).isPresent();

        List<Long> changed = new ArrayList<>();
        while (!changed.contains(oursId)) {
            read(watch).getChangesList().forEach(change -> changed.add(change.getDirectoryId()));
        }
        assertThat(changed).doesNotContain(theirsId);
        watch.cancel("the test is over", null);
    }

    @Test
    void who_follows_changes_is_told_when_its_token_has_expired() throws Exception {
        BlockingClientCall<?, ChangeBatch> watch = CatalogGrpc.newBlockingV2Stub(
                        channel(token(new Scope.AllMounts(), now)))
                .watchChanges(WatchChangesRequest.getDefaultInstance());
        assertThat(read(watch).getStartOver()).isTrue();

        ahead = Duration.ofHours(2);

        assertThatThrownBy(() -> {
                    while (true) {
                        read(watch);
                    }
                })
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
                .hasMessageContaining("expired at");
    }

    private static ChangeBatch read(BlockingClientCall<?, ChangeBatch> watch) throws Exception {
        return Objects.requireNonNull(watch.read(45, TimeUnit.SECONDS), "the call ended");
    }

    private RemoteNamespace names(String token) {
        RemoteNamespace names = RemoteNamespace.over(channel(token), NamesSettings.defaults());
        opened.add(names);
        return names;
    }

    private static List<String> listed(Namespace names, long directoryId) throws IOException {
        List<String> listed = new ArrayList<>();
        try (DirectoryCursor cursor = names.openDirectory(directoryId)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                listed.add(next.get().name().toString());
            }
        }
        return listed;
    }

    @Test
    void a_mount_without_the_right_to_read_says_so_at_once() throws IOException {
        RemoteNamespace names = names("");
        assertThatThrownBy(() -> names.lookup(Namespace.ROOT_ID, EntryName.of("a")))
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        e -> assertThat(e.refusal()).isEqualTo(OriginException.Refusal.FORBIDDEN))
                .hasMessageContaining("a token is needed");
    }

    private static void assertRefused(Status.Code code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static String token(Scope scope, Validity validity, Right... rights) {
        Set<Right> held = rights.length == 0 ? Set.of(Right.READ) : Set.of(rights);
        return TokenCodec.sign(new Grant("id", "team", scope, held, validity), KEYS.getPrivate());
    }

    private DataSet folder(String path) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("origin-" + path));
        return DataSet.newBuilder()
                .setPath(path)
                .setUri(folder.toUri().toString())
                .build();
    }

    private static List<MountedDataSet> mounts(DataSetsBlockingStub calls) {
        return calls.listMounts(ListMountsRequest.getDefaultInstance()).getMountsList();
    }

    private DataSetsBlockingStub calls(String token) {
        return DataSetsGrpc.newBlockingStub(channel(token)).withDeadlineAfter(45, TimeUnit.SECONDS);
    }

    private ManagedChannel channel(String token) {
        ManagedChannel channel = MasterChannel.open(
                MasterEndpoints.of(new Endpoint("127.0.0.1", port)),
                new MasterAccess(InsecureChannelCredentials.create(), () -> Bytes.utf8(token)));
        opened.add(channel::shutdownNow);
        return channel;
    }
}
