package io.headrace.master.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.headrace.client.names.NamesSettings;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.DataSetsGrpc.DataSetsBlockingStub;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.MountRequest;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.Quota;
import io.headrace.protocol.v1.SetQuotaRequest;
import io.headrace.protocol.v1.UnmountRequest;
import io.headrace.storage.UnderStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Origins of folders that come and go while a master runs, and that are there again after its restart. */
final class DataSetsTest {
    private static final MountSettings DEFAULTS = MountSettings.defaults();

    @TempDir
    Path directory;

    private Catalog catalog;
    private DataSets dataSets;
    private ServedNames served;

    @BeforeEach
    void startMaster() throws IOException {
        catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        dataSets = DataSets.open(directory.resolve("data-sets"), catalog, UnderStores::open);
        CatalogService names = CatalogService.of(catalog, ServeSettings.defaults());
        served = ServedNames.start(names, DataSetsService.of(dataSets, DEFAULTS, names));
    }

    @AfterEach
    void stopMaster() throws IOException {
        served.close();
        catalog.close();
        dataSets.close();
    }

    private DataSetsBlockingStub calls() {
        return DataSetsGrpc.newBlockingStub(served.channel()).withDeadlineAfter(45, TimeUnit.SECONDS);
    }

    private DataSet.Builder folder(String path) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("origin-" + path));
        Files.write(folder.resolve("model"), new byte[7]);
        return DataSet.newBuilder().setPath(path).setUri(folder.toUri().toString());
    }

    private MountedDataSet mount(DataSet.Builder dataSet) {
        return calls().mount(MountRequest.newBuilder().setDataSet(dataSet).build());
    }

    private List<MountedDataSet> mounts() {
        return calls().listMounts(ListMountsRequest.getDefaultInstance()).getMountsList();
    }

    private static boolean shows(Namespace names, String path) throws IOException {
        return names.lookup(Namespace.ROOT_ID, EntryName.of(path)).isPresent();
    }

    @Test
    void an_origin_shows_when_it_is_mounted_and_no_more_when_it_is_unmounted() throws IOException {
        RemoteNamespace client = served.client(NamesSettings.defaults(), System::nanoTime);
        assertThat(shows(client, "llama")).isFalse();
        MountedDataSet mounted = mount(folder("llama"));
        assertThat(mounted.getMountId()).hasSize(16);
        assertThat(mounted.getDataSet().getStalenessMillis())
                .isEqualTo(DEFAULTS.staleness().toMillis());
        await().atMost(Duration.ofSeconds(45)).until(() -> shows(client, "llama"));
        long llama = client.lookup(Namespace.ROOT_ID, EntryName.of("llama"))
                .orElseThrow()
                .id();
        assertThat(client.lookup(llama, EntryName.of("model"))).isPresent();

        List<NamespaceChange> heard = new CopyOnWriteArrayList<>();
        var _ = client.subscribe(heard::add);
        var _ = calls().unmount(UnmountRequest.newBuilder().setPath("llama").build());
        await().atMost(Duration.ofSeconds(45)).until(() -> heard.contains(new NamespaceChange.Missed()));
        assertThat(shows(client, "llama")).isFalse();
        assertThat(mounts()).isEmpty();
    }

    @Test
    void what_was_mounted_is_mounted_again_after_a_restart() throws IOException {
        MountedDataSet llama = mount(folder("llama").setStalenessMillis(5000).setRevalidateOnOpen(true));
        MountedDataSet qwen = mount(folder("qwen").setQuota(Quota.newBuilder().setBytes(100)));
        var _ = calls().unmount(UnmountRequest.newBuilder()
                .setPath(qwen.getDataSet().getPath())
                .build());
        MountedDataSet limited = calls().setQuota(SetQuotaRequest.newBuilder()
                .setPath("llama")
                .setQuota(Quota.newBuilder().setBytes(1 << 30).setObjects(7))
                .build());
        assertThat(limited.getDataSet().getQuota().getObjects()).isEqualTo(7);
        stopMaster();
        startMaster();
        assertThat(mounts()).singleElement().satisfies(mounted -> {
            assertThat(mounted.getDataSet()).isEqualTo(limited.getDataSet());
            assertThat(mounted.getMountId()).isEqualTo(llama.getMountId());
        });
        assertThat(shows(catalog, "llama")).isTrue();
    }

    @Test
    void an_origin_that_refuses_is_not_mounted_and_says_why() {
        DataSet.Builder missing = DataSet.newBuilder()
                .setPath("x")
                .setUri(directory.resolve("nowhere").toUri().toString());
        assertThatThrownBy(() -> mount(missing))
                .satisfies(failure -> assertThat(FailureCodec.of(failure).flatMap(FailureCodec::originTrouble))
                        .get()
                        .isInstanceOf(OriginException.Refused.class));
        assertThat(mounts()).isEmpty();
        assertThat(Files.exists(directory.resolve("data-sets"))).isFalse();
    }

    @Test
    void an_origin_that_does_not_answer_keeps_nobody_else_waiting() throws Exception {
        HangingOrigin hanging = new HangingOrigin();
        try (DataSets others = DataSets.open(
                        directory.resolve("others"),
                        catalog,
                        (uri, options) -> uri.getScheme().equals("s3") ? hanging : UnderStores.open(uri, options));
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<DataSets.Mounted> waiting = thread.submit(() -> others.mount(dataSet("slow", "s3://slow")));
            hanging.awaitAsked();

            String folder = folder("llama").getUri();
            assertThat(others.mount(dataSet("llama", folder)).dataSet().path()).isEqualTo("llama");
            others.unmount("llama");
            assertThat(others.mount(dataSet("slow", folder)).dataSet().path()).isEqualTo("slow");
            hanging.answer();
            assertThatThrownBy(() -> waiting.get(45, TimeUnit.SECONDS))
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mounted at slow already");
            assertThat(hanging.isClosed()).isTrue();
            assertThat(others.all())
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.dataSet().uri()).hasToString(folder));
        }
    }

    private static io.headrace.master.serve.DataSet dataSet(String path, String uri) {
        return io.headrace.master.serve.DataSet.of(
                DataSet.newBuilder().setPath(path).setUri(uri).build(), DEFAULTS);
    }

    @Test
    void what_can_be_no_data_set_is_refused() throws IOException {
        var _ = mount(folder("llama"));
        for (DataSet.Builder wrong : List.of(
                folder("llama"),
                folder("a").setPath("a//b"),
                folder("b").setUri("no uri"),
                folder("c").putOptions("no-such-option", "1"),
                folder("d").setQuota(Quota.newBuilder().setBytes(-1)),
                folder("e").setStalenessMillis(-1))) {
            assertThatThrownBy(() -> mount(wrong))
                    .satisfies(
                            failure -> assertThat(Status.fromThrowable(failure).getCode())
                                    .isEqualTo(Status.Code.INVALID_ARGUMENT));
        }
        assertThat(mounts()).hasSize(1);
    }

    @Test
    void what_is_not_mounted_cannot_be_unmounted_or_limited() {
        assertThatThrownBy(() ->
                        calls().unmount(UnmountRequest.newBuilder().setPath("x").build()))
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.NOT_FOUND));
        assertThatThrownBy(() -> calls().setQuota(
                                SetQuotaRequest.newBuilder().setPath("x").build()))
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void a_damaged_list_of_data_sets_is_told_and_not_taken_for_an_empty_one() throws IOException {
        var _ = mount(folder("llama"));
        Path file = directory.resolve("data-sets");
        byte[] good = Files.readAllBytes(file);
        for (int cut : new int[] {0, 3, good.length / 2, good.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(good, cut));
            assertThatThrownBy(() -> DataSets.open(file, catalog, UnderStores::open))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged");
        }
        good[good.length / 2] ^= 1;
        Files.write(file, good);
        assertThatThrownBy(() -> DataSets.open(file, catalog, UnderStores::open))
                .hasMessageContaining("its bytes were damaged");
    }
}
