package io.headrace.master.serve;

import static io.headrace.protocol.Namespace.ROOT_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.Failure;
import io.headrace.protocol.v1.ListDirectoryRequest;
import io.headrace.protocol.v1.LookupRequest;
import io.headrace.protocol.v1.WatchChangesRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one client can make a master keep, seen by clients that do not behave. */
final class WatchersTest {
    private static final int HISTORY = 100;

    private final FakeNames names = new FakeNames();
    private ServedNames served;

    @BeforeEach
    void serve() throws IOException {
        ServeSettings settings = new ServeSettings(
                2, HISTORY, ByteSize.parse("1MiB"), Duration.ofMillis(200), 1, 1, Duration.ofMillis(400));
        served = ServedNames.start(new CatalogService(
                new NameView(names, names::origin, entry -> Duration.ZERO), settings, new Random(1)));
    }

    @AfterEach
    void close() throws IOException {
        served.close();
        assertThat(names.openCursors).hasValue(0);
    }

    private BlockingClientCall<?, ChangeBatch> watch(long history, long sequence) {
        return CatalogGrpc.newBlockingV2Stub(served.channel())
                .watchChanges(WatchChangesRequest.newBuilder()
                        .setHistory(history)
                        .setSequence(sequence)
                        .build());
    }

    private static ChangeBatch read(BlockingClientCall<?, ChangeBatch> call) throws StatusException {
        try {
            return Objects.requireNonNull(call.read(45, TimeUnit.SECONDS));
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no batch came", e);
        }
    }

    /** Many enough that they do not fit into what lies between the two, each of about 30 kB. */
    private void change(int times) {
        for (int i = 0; i < times; i++) {
            names.file(ROOT_ID, EntryName.of("a"), ObjectKey.of("k".repeat(30_000)));
        }
    }

    @Test
    void a_watcher_that_does_not_read_is_told_to_start_over_when_it_does() throws StatusException {
        BlockingClientCall<?, ChangeBatch> slow = watch(0, 0);
        ChangeBatch first = read(slow);
        assertThat(first.getStartOver()).isTrue();
        change(10 * HISTORY);
        ChangeBatch batch = read(slow);
        boolean toldToStartOver = batch.getStartOver();
        while (batch.getSequence() < 10 * HISTORY) {
            batch = read(slow);
            toldToStartOver |= batch.getStartOver();
        }
        assertThat(toldToStartOver).isTrue();
        change(1);
        batch = read(slow);
        while (batch.getChangesCount() == 0) {
            batch = read(slow);
        }
        assertThat(batch.getStartOver()).isFalse();
        assertThat(batch.getSequence()).isEqualTo(10 * HISTORY + 1);
        slow.cancel("the test is over", null);
    }

    @Test
    void a_watcher_that_does_not_read_does_not_hold_up_another() throws StatusException {
        BlockingClientCall<?, ChangeBatch> slow = watch(0, 0);
        BlockingClientCall<?, ChangeBatch> quick = watch(0, 0);
        assertThat(read(slow).getStartOver()).isTrue();
        long at = read(quick).getSequence();
        change(10 * HISTORY);
        while (at < 10 * HISTORY) {
            at = read(quick).getSequence();
        }
        slow.cancel("the test is over", null);
        quick.cancel("the test is over", null);
        await().atMost(Duration.ofSeconds(45)).until(() -> served.service().watching() == 0);
    }

    @Test
    void a_watcher_goes_on_where_its_connection_broke() throws StatusException {
        BlockingClientCall<?, ChangeBatch> broken = watch(0, 0);
        ChangeBatch first = read(broken);
        broken.cancel("the connection breaks", null);
        names.file(ROOT_ID, "x");
        names.file(ROOT_ID, "y");
        BlockingClientCall<?, ChangeBatch> next = watch(first.getHistory(), first.getSequence());
        ChangeBatch missed = read(next);
        assertThat(missed.getStartOver()).isFalse();
        assertThat(missed.getChangesList())
                .extracting(change -> change.getName().toStringUtf8())
                .containsExactly("x", "y");
        next.cancel("the test is over", null);
    }

    @Test
    void one_watcher_too_many_is_told_to_come_back() throws StatusException {
        BlockingClientCall<?, ChangeBatch> one = watch(0, 0);
        BlockingClientCall<?, ChangeBatch> two = watch(0, 0);
        assertThat(read(one).getStartOver() && read(two).getStartOver()).isTrue();
        BlockingClientCall<?, ChangeBatch> three = watch(0, 0);
        assertThatThrownBy(() -> three.read(45, TimeUnit.SECONDS)).satisfies(WatchersTest::isBusy);
        one.cancel("it makes room", null);
        await().atMost(Duration.ofSeconds(45)).until(() -> served.service().watching() == 1);
        assertThat(read(watch(0, 0)).getStartOver()).isTrue();
        two.cancel("the test is over", null);
    }

    private static void isBusy(Throwable failure) {
        assertThat(FailureCodec.of(failure)).map(Failure::getKind).contains(Failure.Kind.KIND_BUSY);
        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void a_directory_that_nobody_reads_on_in_is_closed_and_makes_room() {
        names.file(ROOT_ID, "a");
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> one = directory();
        assertThatThrownBy(() -> {
                    DirectoryPage page = ask(one);
                    assertThat(page.getEnd()).isTrue();
                    one.read(45, TimeUnit.SECONDS);
                })
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.ABORTED));
        assertThat(names.openCursors).hasValue(0);
        assertThat(served.service().openDirectories()).isZero();
    }

    @Test
    void one_open_directory_too_many_is_told_to_come_back() throws Exception {
        names.file(ROOT_ID, "a");
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> one = directory();
        assertThat(ask(one).getEnd()).isTrue();
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> two = directory();
        assertThatThrownBy(() -> ask(two)).satisfies(WatchersTest::isBusy);
        one.halfClose();
    }

    private BlockingClientCall<ListDirectoryRequest, DirectoryPage> directory() {
        return CatalogGrpc.newBlockingV2Stub(served.channel()).listDirectory();
    }

    private static DirectoryPage ask(BlockingClientCall<ListDirectoryRequest, DirectoryPage> call) throws Exception {
        boolean _ = call.write(
                ListDirectoryRequest.newBuilder().setDirectoryId(ROOT_ID).build());
        return Objects.requireNonNull(call.read(45, TimeUnit.SECONDS));
    }

    @Test
    void what_is_no_name_is_refused() {
        assertThatThrownBy(() -> CatalogGrpc.newBlockingStub(served.channel())
                        .withDeadlineAfter(45, TimeUnit.SECONDS)
                        .lookup(LookupRequest.newBuilder().setDirectoryId(1).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }
}
