package io.headrace.client.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseAnswer.Released;
import io.headrace.protocol.local.LeaseRequest.Release;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.unix.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client before a worker's socket that keeps to the protocol, or does not. */
final class LocalWorkerTest {
    private static final long LENGTH = 9 << 20;
    private static final FileVersion FILE =
            new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), LENGTH, new EntityTag("\"1\""));
    private static final ByteRange RANGE = new ByteRange(0, 6 << 20);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final LocalTally tally = new LocalTally();
    private ScriptedLender lender;
    private LocalWorker worker;
    private UnixSocket.Pair anything;

    /** What a worker says that does not do what it should. */
    enum Misbehaviour {
        NOISE_FOR_A_WELCOME,
        A_REFUSED_HELLO,
        AN_END,
        NOISE,
        LENT_WITHOUT_A_DESCRIPTOR,
        LENT_WITHOUT_THE_BLOCK,
        LENT_BEFORE_ALTHOUGH_NOTHING_WAS,
        RELEASED_UNASKED,
        REFUSED_WITH_A_DESCRIPTOR
    }

    @BeforeEach
    void start() throws IOException {
        lender = new ScriptedLender(directory.resolve("w.sock"));
        worker = new LocalWorker(
                new WorkerId("w"),
                directory.resolve("w.sock"),
                new LocalWorker.Shared(LocalSettings.defaults(), () -> Bytes.EMPTY, tally, nanos::get));
        anything = UnixSocket.pair();
    }

    @AfterEach
    void stop() {
        worker.close();
        lender.close();
        anything.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_worker_does_not_do_right_is_no_answer_and_leaves_no_descriptor(Misbehaviour misbehaviour)
            throws IOException {
        script(misbehaviour);
        assertThat(worker.find(FILE, RANGE, true)).isEmpty();
        worker.close();
        String pair = Long.toString(anything.theirs().descriptor());
        await().untilAsserted(() -> assertThat(descriptorsLike(pair)).isEqualTo(1));
    }

    @Test
    void a_worker_that_goes_on_failing_is_asked_more_and_more_seldom_until_it_answers() throws IOException {
        ScriptedLender.Script failing = (request, socket) -> {
            throw new IOException("scripted");
        };
        lender.answers(failing);
        assertThat(worker.find(FILE, RANGE, true)).isEmpty();
        assertThat(askedAfter(1)).isEqualTo(1);
        assertThat(askedAfter(1)).isEqualTo(2);
        assertThat(askedAfter(3)).isEqualTo(2);
        assertThat(askedAfter(1)).isEqualTo(3);
        assertThat(askedAfter(7)).isEqualTo(3);

        lender.answers((request, socket) -> lend(socket, 1, 0));
        assertThat(askedAfter(1)).isEqualTo(4);
        lender.answers(failing);
        assertThat(askedAfter(6)).isEqualTo(5);
        assertThat(askedAfter(1)).isEqualTo(5);
        assertThat(askedAfter(1)).isEqualTo(6);
    }

    /** How many questions there were when so much time has passed and somebody reads again. */
    private int askedAfter(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        worker.find(FILE, RANGE, true).ifPresent(LocalPart::close);
        return lender.asked.size();
    }

    @Test
    void a_part_ends_where_the_blocks_do() throws IOException {
        lender.answers((request, socket) -> lend(socket, 1, 0));
        try (LocalPart part = worker.find(FILE, RANGE, true).orElseThrow()) {
            assertThat(part.end()).isEqualTo(4 << 20);
        }
        assertThat(worker.find(FILE, new ByteRange(1, 10), true).orElseThrow().end())
                .isEqualTo(11);
        assertThat(lender.asked).hasSize(1);
    }

    @Test
    void a_lease_that_was_confirmed_long_ago_is_asked_about_again() throws IOException {
        lender.answers((request, socket) -> lend(socket, 1, 0));
        find(0);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
        find(0);
        assertThat(lender.asked).hasSize(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        lender.answers((request, socket) -> ScriptedLender.say(socket, lent(1, false, 0, 1), OptionalInt.empty()));
        find(0);
        assertThat(lender.asked).hasSize(2);
        find(1);
        assertThat(lender.asked).as("the answer told of more blocks").hasSize(2);
    }

    @Test
    void a_file_in_place_of_another_is_used_and_the_other_released_after_its_last_part() throws IOException {
        lender.answers((request, socket) -> lend(socket, 1, 0));
        try (LocalPart _ = worker.find(FILE, RANGE, true).orElseThrow()) {
            lender.answers((request, socket) -> lend(socket, 2, 0, 1));
            find(1);
            worker.sweep();
            assertThat(lender.asked).noneMatch(Release.class::isInstance);
        }
        worker.sweep();
        await().untilAsserted(() -> assertThat(lender.asked).last().isEqualTo(new Release(1)));
    }

    @Test
    void what_is_not_read_for_long_is_given_back() throws IOException {
        lender.answers((request, socket) -> lend(socket, 7, 0));
        find(0);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
        worker.sweep();
        assertThat(lender.asked).last().isEqualTo(new Release(7));
    }

    @Test
    void a_worker_that_does_not_own_a_block_is_not_asked_again_at_once_and_its_owner_is() {
        lender.answers((request, socket) ->
                ScriptedLender.say(socket, new Refused(Failure.of(Status.NOT_HERE, "not here")), OptionalInt.empty()));
        assertThat(worker.find(FILE, RANGE, false)).isEmpty();
        assertThat(worker.find(FILE, RANGE, false)).isEmpty();
        assertThat(lender.asked).hasSize(1);
        assertThat(worker.find(FILE, RANGE, true)).isEmpty();
        assertThat(lender.asked).hasSize(2);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(worker.find(FILE, RANGE, false)).isEmpty();
        assertThat(lender.asked).hasSize(3);
    }

    @Test
    void a_worker_that_fails_rests_for_a_while() throws IOException {
        script(Misbehaviour.NOISE);
        assertThat(worker.find(FILE, RANGE, true)).isEmpty();
        assertThat(tally.failures()).isEqualTo(1);
        lender.answers((request, socket) -> lend(socket, 1, 0));
        assertThat(worker.find(FILE, RANGE, true)).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        find(0);
    }

    @Test
    void a_part_that_was_closed_reads_nothing() throws IOException {
        lender.answers((request, socket) -> lend(socket, 1, 0));
        LocalPart part = worker.find(FILE, RANGE, true).orElseThrow();
        worker.close();
        part.close();
        assertThatThrownBy(() -> part.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    }

    private void find(int block) {
        Optional<LocalPart> part = worker.find(FILE, new ByteRange((long) block << 22, 1), true);
        part.orElseThrow().close();
    }

    private void script(Misbehaviour misbehaviour) {
        switch (misbehaviour) {
            case NOISE_FOR_A_WELCOME -> lender.welcomes(ByteBuffer.allocate(Welcome.HEAD_BYTES));
            case A_REFUSED_HELLO ->
                lender.welcomes(Welcome.encode(new Welcome.Refused(Failure.of(Status.UNAUTHORIZED, "no"))));
            case AN_END -> lender.answers((request, socket) -> socket.shutDown());
            case NOISE -> lender.answers((request, socket) -> socket.send(ByteBuffer.allocate(500)));
            case LENT_WITHOUT_A_DESCRIPTOR ->
                lender.answers((request, socket) -> ScriptedLender.say(socket, lent(1, true, 0), OptionalInt.empty()));
            case LENT_WITHOUT_THE_BLOCK -> lender.answers((request, socket) -> lend(socket, 1, 1));
            case LENT_BEFORE_ALTHOUGH_NOTHING_WAS ->
                lender.answers((request, socket) -> ScriptedLender.say(socket, lent(1, false, 0), OptionalInt.empty()));
            case RELEASED_UNASKED ->
                lender.answers((request, socket) -> ScriptedLender.say(socket, new Released(1), OptionalInt.empty()));
            case REFUSED_WITH_A_DESCRIPTOR ->
                lender.answers((request, socket) ->
                        ScriptedLender.say(socket, new Refused(Failure.of(Status.NOT_HERE, "no")), any()));
        }
    }

    /** With the descriptor of a socket, which is told from others by what /proc calls it. */
    private void lend(UnixSocket socket, int lease, int... blocks) throws IOException {
        ScriptedLender.say(socket, lent(lease, true, blocks), any());
    }

    private OptionalInt any() {
        return OptionalInt.of(anything.theirs().descriptor());
    }

    private static Lent lent(int lease, boolean fresh, int... blocks) {
        BitSet set = new BitSet();
        for (int block : blocks) {
            set.set(block);
        }
        return new Lent(lease, fresh, set);
    }

    /** How many descriptors of this process are of the same file. */
    private static long descriptorsLike(String number) throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        Path wanted = Files.readSymbolicLink(descriptors.resolve(number));
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(descriptor -> leadsTo(descriptor, wanted)).count();
        }
    }

    private static boolean leadsTo(Path descriptor, Path wanted) {
        try {
            return Files.readSymbolicLink(descriptor).equals(wanted);
        } catch (IOException gone) {
            return false;
        }
    }
}
