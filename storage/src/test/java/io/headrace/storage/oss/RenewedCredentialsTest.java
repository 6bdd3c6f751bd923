package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a role's credentials are asked for. Each fetch gives credentials of its own: "key-1", "key-2" … */
@Timeout(60)
class RenewedCredentialsTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile Optional<RuntimeException> trouble = Optional.empty();
    /** Open, unless a test puts another one here. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private final RenewedCredentials renewed = new RenewedCredentials(this::fetch, () -> now);

    private TemporaryCredentials fetch() {
        int fetch = fetches.incrementAndGet();
        try {
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OssCredentials.Unanswered("interrupted");
        }
        trouble.ifPresent(thrown -> {
            throw thrown;
        });
        return new TemporaryCredentials(new Credentials("key-" + fetch, "secret", "token"), now.plus(LIFE));
    }

    private String key() {
        return renewed.getCredentials().accessKeyId();
    }

    @Test
    void they_are_asked_for_once_and_again_before_they_end() {
        assertThat(key()).isEqualTo("key-1");
        now = now.plus(LIFE.minusMinutes(6));
        assertThat(key()).isEqualTo("key-1");
        now = now.plus(Duration.ofMinutes(2));
        assertThat(key()).isEqualTo("key-2");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void a_renewal_that_fails_leaves_the_present_ones_until_they_end_and_is_tried_again_after_a_pause() {
        assertThat(key()).isEqualTo("key-1");
        now = now.plus(LIFE.minusMinutes(4));
        trouble = Optional.of(new OssCredentials.Unanswered("down"));

        assertThat(List.of(key(), key(), key())).containsOnly("key-1");
        assertThat(fetches).as("no second attempt at once").hasValue(2);
        now = now.plus(Duration.ofSeconds(11));
        assertThat(key()).isEqualTo("key-1");
        assertThat(fetches).hasValue(3);

        now = now.plus(Duration.ofMinutes(4));
        assertThatThrownBy(this::key)
                .isInstanceOf(OssCredentials.Unanswered.class)
                .hasMessage("down");
        trouble = Optional.empty();
        assertThat(key()).as("at once when it is over").isEqualTo("key-5");
    }

    @Test
    void while_one_caller_renews_the_others_go_on() throws Exception {
        assertThat(key()).isEqualTo("key-1");
        now = now.plus(LIFE.minus(SOON));
        gate = new CountDownLatch(1);
        FutureTask<String> renewal = start();
        await().until(() -> fetches.get() == 2);

        assertThat(key()).isEqualTo("key-1");

        gate.countDown();
        assertThat(renewal.get(30, TimeUnit.SECONDS)).isEqualTo("key-2");
    }

    @Test
    void callers_that_wait_share_one_answer() throws Exception {
        gate = new CountDownLatch(1);
        List<FutureTask<String>> callers = startSomeThatWait();

        gate.countDown();
        for (FutureTask<String> caller : callers) {
            assertThat(caller.get(30, TimeUnit.SECONDS)).isEqualTo("key-1");
        }
    }

    @Test
    void callers_that_wait_share_one_failure() throws Exception {
        gate = new CountDownLatch(1);
        trouble = Optional.of(new OssCredentials.Missing("no role"));
        List<FutureTask<String>> callers = startSomeThatWait();

        gate.countDown();
        for (FutureTask<String> caller : callers) {
            assertThatThrownBy(() -> caller.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("no role");
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void an_interrupt_ends_a_wait_and_is_nobody_elses_failure() throws Exception {
        gate = new CountDownLatch(1);
        FutureTask<String> asks = new FutureTask<>(this::key);
        Thread asking = Thread.ofPlatform().start(asks);
        await().until(() -> fetches.get() == 1);
        FutureTask<String> waits = new FutureTask<>(this::key);
        Thread waiting = Thread.ofPlatform().start(waits);
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        FutureTask<String> staysWaiting = new FutureTask<>(this::key);
        Thread patient = Thread.ofPlatform().start(staysWaiting);
        await().until(() -> patient.getState() == Thread.State.WAITING);

        waiting.interrupt();
        assertThatThrownBy(() -> waits.get(30, TimeUnit.SECONDS)).hasStackTraceContaining("interrupted");
        asking.interrupt();
        assertThatThrownBy(() -> asks.get(30, TimeUnit.SECONDS)).hasStackTraceContaining("interrupted");
        gate.countDown();
        assertThat(staysWaiting.get(30, TimeUnit.SECONDS)).isEqualTo("key-2");
    }

    private FutureTask<String> start() {
        FutureTask<String> call = new FutureTask<>(this::key);
        Thread.ofPlatform().start(call);
        return call;
    }

    private List<FutureTask<String>> startSomeThatWait() {
        List<FutureTask<String>> calls = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FutureTask<String> call = new FutureTask<>(this::key);
            calls.add(call);
            threads.add(Thread.ofPlatform().start(call));
        }
        await().until(() -> fetches.get() == 1
                && threads.stream()
                        .allMatch(thread -> thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
        return calls;
    }
}
