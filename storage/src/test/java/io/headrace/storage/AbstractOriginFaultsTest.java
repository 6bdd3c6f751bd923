package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.testing.fault.Fault;
import io.headrace.testing.fault.FaultProxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a store over HTTP makes of an origin's bad days: every one is {@link OriginException.Unavailable} with words of its
 * own, within the stall-timeout, and the store reads again when it is over.
 */
@Timeout(120)
public abstract class AbstractOriginFaultsTest {
    private static final long SEED = 20260102;
    private static final ObjectKey KEY = ObjectKey.of("model.bin");
    private static final int LENGTH = 300_000;
    /** Behind the head of any answer, before the end of the object. */
    private static final int INSIDE = 100_000;

    /** Inside the body of a listing, whatever few bytes its head may vary by. */
    private static final int BEFORE_THE_END = 40;

    private final byte[] content = new byte[LENGTH];
    private Origin origin;
    private FaultProxy proxy;
    private UnderStore store;
    private FileVersion version;

    /** A server that is under way. */
    public record Origin(URI address, Opening opening, AutoCloseable server) {}

    /** Opens a store of the origin, or of a proxy before it. */
    @FunctionalInterface
    public interface Opening {
        UnderStore open(URI address, Map<String, String> options) throws IOException;
    }

    /** Starts a server that holds one object. */
    protected abstract Origin serve(ObjectKey key, byte[] content) throws Exception;

    @BeforeEach
    final void start() throws Exception {
        new Random(SEED).nextBytes(content);
        origin = serve(KEY, content);
        proxy = FaultProxy.before(origin.address());
        store = origin.opening()
                .open(proxy.in(origin.address()), Map.of("stall-timeout", "2s", "connect-timeout", "2s"));
        version = store.head(KEY).orElseThrow().version(MountId.of(store.location()));
    }

    @AfterEach
    final void stop() throws Exception {
        store.close();
        proxy.close();
        origin.server().close();
    }

    @Test
    void a_slow_origin_is_read_to_its_end() throws IOException {
        proxy.inject(new Fault.Slow(LENGTH / 2));
        assertThat(read()).isEqualTo(content);
        proxy.inject(new Fault.Late(Duration.ofMillis(500)));
        assertThat(read()).isEqualTo(content);
        assertThat(proxy.spoiledAnswers()).isEqualTo(2);
    }

    @Test
    void each_bad_day_is_told_in_words_of_its_own_with_what_to_do() throws IOException {
        Map<String, Fault> faultsByHint = new HashMap<>();
        faultsByHint.put("stall-timeout", new Fault.Hang(0));
        faultsByHint.put("origin.max-concurrent-requests", Fault.Reply.of(429, "Retry-After: 3"));
        faultsByHint.put("status 500", Fault.Reply.of(500));
        faultsByHint.put("status 503", Fault.Reply.of(503, "Retry-After: 3"));
        faultsByHint.put("ended after|broke:", new Fault.Cut(INSIDE));
        faultsByHint.put("broke:", new Fault.Reset());

        Map<String, String> messages = new HashMap<>();
        faultsByHint.forEach((hint, fault) -> {
            OriginException.Unavailable thrown = failure(fault);
            assertThat(thrown)
                    .as("%s", fault)
                    .message()
                    .contains("model.bin")
                    .containsPattern(hint)
                    .containsPattern("asked again.*; if this lasts, ");
            assertThat(messages.put(String.valueOf(thrown.getMessage()), fault.toString()))
                    .isNull();
        });
        proxy.heal();
        assertThat(read()).isEqualTo(content);
    }

    @Test
    void an_answer_that_stops_half_way_fails_within_the_stall_timeout() throws IOException {
        assertThat(failure(new Fault.Hang(INSIDE))).hasMessageContaining("stall-timeout");
        proxy.heal();
        assertThat(read()).isEqualTo(content);
    }

    @Test
    void the_time_that_the_origin_asks_for_is_passed_on() {
        assertThat(failure(Fault.Reply.of(429, "Retry-After: 3")).retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(failure(Fault.Reply.of(503, "Retry-After: 4")).retryAfter()).contains(Duration.ofSeconds(4));
    }

    @Test
    void an_origin_in_trouble_is_never_taken_for_one_without_the_object() {
        proxy.inject(Fault.Reply.of(503));
        assertThat(catchThrowableOfType(OriginException.Unavailable.class, () -> store.head(KEY)))
                .isNotNull();
        assertThat(catchThrowableOfType(OriginException.Unavailable.class, () -> store.list(ListingRequest.all())))
                .isNotNull();
    }

    @Test
    void an_origin_that_is_not_there_is_told_with_its_address() throws IOException {
        proxy.close();
        try (UnderStore gone = origin.opening().open(proxy.in(origin.address()), Map.of())) {
            assertThat(catchThrowableOfType(OriginException.Unavailable.class, () -> gone.list(ListingRequest.all())))
                    .hasMessageContaining("127.0.0.1:" + proxy.port())
                    .hasMessageContaining("Check that the service runs");
        }
    }

    @Test
    void an_interrupt_ends_a_wait_for_an_answer_long_before_the_stall_timeout() throws Exception {
        try (UnderStore patient = origin.opening().open(proxy.in(origin.address()), Map.of("stall-timeout", "10m"))) {
            for (Callable<?> question : List.<Callable<?>>of(
                    () -> patient.open(version, version.wholeFile()),
                    () -> patient.head(KEY),
                    () -> patient.list(ListingRequest.all()))) {
                assertThat(endOfInterrupted(question))
                        .isInstanceOfAny(InterruptedIOException.class, ClosedByInterruptException.class);
            }
            proxy.heal();
            assertThat(patient.head(KEY)).isPresent();
        }
    }

    @Test
    void an_interrupt_ends_a_listing_that_hangs_short_of_its_end() throws Exception {
        try (UnderStore patient = origin.opening().open(proxy.in(origin.address()), Map.of("stall-timeout", "10m"))) {
            patient.list(ListingRequest.all());

            assertThat(endOfInterrupted(
                            new Fault.Hang(proxy.answeredBytes() - BEFORE_THE_END),
                            () -> patient.list(ListingRequest.all())))
                    .isInstanceOfAny(InterruptedIOException.class, ClosedByInterruptException.class);
        }
    }

    @Test
    void a_listing_that_drips_ends_with_the_answer_timeout() throws IOException {
        proxy.inject(new Fault.Drip(Duration.ofMillis(100)));
        try (UnderStore store = origin.opening()
                .open(proxy.in(origin.address()), Map.of("answer-timeout", "1s", "stall-timeout", "10m"))) {
            assertThat(catchThrowableOfType(OriginException.Unavailable.class, () -> store.list(ListingRequest.all())))
                    .hasMessageContaining("answer-timeout")
                    .hasMessageContaining("if this lasts, ");
            proxy.heal();
            assertThat(store.list(ListingRequest.all()).objects()).hasSize(1);
        }
    }

    private Throwable endOfInterrupted(Callable<?> question) throws Exception {
        return endOfInterrupted(new Fault.Hang(0), question);
    }

    private Throwable endOfInterrupted(Fault hang, Callable<?> question) throws Exception {
        int spoiled = proxy.spoiledAnswers();
        proxy.inject(hang, 1);
        FutureTask<Throwable> asking = new FutureTask<>(() -> catchThrowable(question::call));
        Thread thread = Thread.ofPlatform().start(asking);
        await().until(() -> proxy.spoiledAnswers() > spoiled);

        thread.interrupt();

        return asking.get(30, TimeUnit.SECONDS);
    }

    private OriginException.Unavailable failure(Fault fault) {
        proxy.inject(fault);
        OriginException.Unavailable thrown = catchThrowableOfType(OriginException.Unavailable.class, this::read);
        assertThat(thrown).as("%s", fault).isNotNull();
        return thrown;
    }

    private byte[] read() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(LENGTH + 1);
        try (ReadableByteChannel channel = store.open(version, version.wholeFile())) {
            while (channel.read(target) >= 0) {}
        }
        byte[] bytes = new byte[target.position()];
        target.flip().get(bytes);
        return bytes;
    }
}
