package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.testing.fault.Fault;
import io.headrace.testing.oss.OssThrottle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program that reads a mount sees while its origin has a bad day. One mount for all, a file for each. */
class OriginTroubleE2E {
    private static final long SEED = 20260103;
    private static final long PATIENCE_SECONDS = 60;
    private static final int LENGTH = 3 << 20;
    /** Behind the head of any answer, before the end of every file. */
    private static final int INSIDE = 1 << 20;

    @TempDir
    private static Path folder;

    private static final Map<String, byte[]> CONTENT = new LinkedHashMap<>();
    private static ServedBucket bucket;
    private static Launcher headrace;
    private static Path mountPoint;

    @BeforeAll
    static void mount() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        for (String name : new String[] {"busy", "silent", "cut", "reset", "corrupt"}) {
            CONTENT.put(name, bytes(random, LENGTH));
        }
        CONTENT.put("away", bytes(random, 3 * LENGTH));
        bucket = ServedBucket.start(folder.resolve("bucket"));
        for (Map.Entry<String, byte[]> file : CONTENT.entrySet()) {
            bucket.put(file.getKey(), file.getValue());
        }
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        headrace = Launcher.in(folder).with("HEADRACE_ORIGIN_STALL_TIMEOUT", "1s");
        ServedBucket.identify(headrace);
        Launcher.Outcome mounted = bucket.mount(headrace, mountPoint, "--read-ahead=off");
        assertThat(mounted.status()).as(mounted.err()).isZero();
        await().until(() -> !headrace.status(mountPoint).getOrigins(0).getListing());
    }

    @AfterAll
    static void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
        bucket.close();
    }

    @AfterEach
    void heal() {
        bucket.proxy().heal();
        bucket.server().throttle(OssThrottle.NONE);
    }

    static Stream<Arguments> passingFaults() {
        return Stream.of(
                Arguments.of("busy", Fault.Reply.of(503), 3),
                Arguments.of("silent", new Fault.Hang(INSIDE), 1),
                Arguments.of("cut", new Fault.Cut(INSIDE), 2),
                Arguments.of("reset", new Fault.Reset(), 3));
    }

    @ParameterizedTest
    @MethodSource("passingFaults")
    void a_fault_that_passes_is_a_pause_with_the_right_bytes_behind_it(String name, Fault fault, int answers)
            throws Exception {
        int before = bucket.proxy().spoiledAnswers();
        bucket.proxy().inject(fault, answers);

        assertThat(Files.readAllBytes(mountPoint.resolve(name))).isEqualTo(CONTENT.get(name));

        assertThat(bucket.proxy().spoiledAnswers() - before).isEqualTo(answers);
    }

    @Test
    void an_origin_that_goes_away_during_a_read_and_comes_back_is_a_pause_with_the_right_bytes_behind_it()
            throws Exception {
        bucket.server().throttle(OssThrottle.total(1 << 20));
        AtomicInteger progress = new AtomicInteger();
        FutureTask<byte[]> reading = new FutureTask<>(() -> read("away", progress));
        Thread.ofPlatform().daemon().name("reader").start(reading);
        await().until(() -> progress.get() > 0 || reading.isDone());

        bucket.proxy().inject(new Fault.Reset());
        bucket.proxy().disconnect();
        bucket.server().throttle(OssThrottle.NONE);
        int before = bucket.proxy().spoiledAnswers();
        await().until(() -> bucket.proxy().spoiledAnswers() >= before + 3 || reading.isDone());
        assertThat(reading.isDone()).as("the reader waits").isFalse();
        await().until(() -> failure().contains("reading oss://") || reading.isDone());
        assertThat(reading.isDone()).as("the reader waits").isFalse();
        bucket.proxy().heal();

        assertThat(reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(CONTENT.get("away"));
        await().until(() -> failure().isEmpty());
    }

    private static String failure() throws IOException, InterruptedException {
        return headrace.status(mountPoint).getOrigins(0).getFailure();
    }

    private static byte[] read(String name, AtomicInteger progress) throws IOException {
        try (FileChannel file = FileChannel.open(mountPoint.resolve(name))) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            while (bytes.hasRemaining()) {
                bytes.limit(Math.min(bytes.capacity(), bytes.position() + (64 << 10)));
                if (file.read(bytes) < 0) {
                    throw new IOException(name + " ends after " + bytes.position());
                }
                progress.set(bytes.position());
                bytes.limit(bytes.capacity());
            }
            return bytes.array();
        }
    }

    /** OSS gives no checksum of a range: only a second look, or TLS, can tell. */
    @Test
    void bytes_that_were_changed_on_the_way_are_found_by_a_check_against_the_origin() throws Exception {
        int before = bucket.proxy().spoiledAnswers();
        bucket.proxy().inject(new Fault.Corrupt(INSIDE), 1);
        Path file = mountPoint.resolve("corrupt");
        assertThat(Files.readAllBytes(file)).isNotEqualTo(CONTENT.get("corrupt"));
        assertThat(bucket.proxy().spoiledAnswers() - before).isOne();

        Launcher.Outcome check = headrace.run("check", "--origin", file);

        assertThat(check.status()).as(check.err()).isEqualTo(ExitCode.DAMAGED.status());
        assertThat(check.out()).contains("corrupt: ").contains("differing from the origin [0]");
        headrace.succeed("evict", file);
        assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT.get("corrupt"));
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
