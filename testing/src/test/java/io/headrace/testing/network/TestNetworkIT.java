package io.headrace.testing.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.headrace.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestNetworkIT {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int MEGABITS = 80;

    private TestNetwork network;

    @BeforeEach
    void up() throws IOException {
        network = TestNetwork.up(
                CHECKOUT, List.of(new NetworkHost("one", 8 * MEGABITS), new NetworkHost("two", MEGABITS)));
    }

    @AfterEach
    void down() {
        network.close();
    }

    @Test
    void a_link_carries_its_rate_in_and_out() throws Exception {
        assertThat(rate("one", "two"))
                .as("into the slow host")
                .isCloseTo((long) MEGABITS, within(MEGABITS * 15L / 100));
        assertThat(rate("two", "one")).as("out of it").isCloseTo((long) MEGABITS, within(MEGABITS * 15L / 100));

        network.rate(new NetworkHost("two", 2 * MEGABITS));
        assertThat(rate("one", "two"))
                .as("into the host that is less slow now")
                .isCloseTo(2L * MEGABITS, within(MEGABITS * 30L / 100));
    }

    @Test
    void a_cut_loses_all_one_way_or_both_and_heals() throws Exception {
        AtomicInteger one = chatting("one", "two");
        AtomicInteger two = chatting("two", "one");
        awaitMore(one);
        awaitMore(two);

        network.cutOneWay("one", "two");
        awaitSilence(two);
        awaitMore(one);

        network.cut("one", "two");
        awaitSilence(one);
        awaitSilence(two);

        network.heal("one", "two");
        awaitMore(one);
        awaitMore(two);
    }

    @Test
    void what_runs_on_a_host_ends_with_the_network() throws Exception {
        Process process = start("one", List.of("sleep", "1000"));
        network.close();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_network_whose_owner_was_killed_goes_when_the_next_comes() throws Exception {
        Process owner = new ProcessBuilder("sleep", "1000").start();
        String name = "orphan" + owner.pid();
        Path script = CHECKOUT.resolve("testing/network");
        assertThat(new ProcessBuilder(script.toString(), "up", name, "--owner", Long.toString(owner.pid()), "host=10")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        Path space = Path.of("/run/netns", "hr-" + name + "-host");
        assertThat(space).exists();

        TestNetwork.up(CHECKOUT, List.of(new NetworkHost("other", 10))).close();
        assertThat(space).as("of an owner that lives").exists();

        owner.destroyForcibly().waitFor();
        TestNetwork.up(CHECKOUT, List.of(new NetworkHost("other", 10))).close();
        assertThat(space).doesNotExist();
        assertThat(Files.exists(Path.of("/run/headrace-network", name))).isFalse();
    }

    @Test
    void a_host_that_is_not_there_is_named() {
        assertThatThrownBy(() -> network.cut("one", "three"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no host three; it has: one two");
    }

    private long rate(String from, String to) throws IOException, InterruptedException {
        Process sink = start(to, ChildJvm.command(NetworkChild.class, "sink"));
        try (BufferedReader said = sink.inputReader()) {
            assertThat(said.readLine()).isEqualTo("listening");
            Process source = start(from, ChildJvm.command(NetworkChild.class, "source", network.address(to)));
            assertThat(source.waitFor()).isZero();
            return Long.parseLong(said.readLine());
        }
    }

    /** Counts what the host hears from the other. */
    private AtomicInteger chatting(String host, String peer) throws IOException {
        Process process = start(host, ChildJvm.command(NetworkChild.class, "chat", network.address(peer)));
        AtomicInteger heard = new AtomicInteger();
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(line -> heard.incrementAndGet()));
        return heard;
    }

    private Process start(String host, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(network.on(host));
        whole.addAll(command);
        return new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitMore(AtomicInteger heard) {
        int before = heard.get();
        await().atMost(PATIENCE).until(() -> heard.get() >= before + 10);
    }

    /** Nothing new for as long as fifty datagrams take. */
    private static void awaitSilence(AtomicInteger heard) {
        AtomicInteger newest = new AtomicInteger(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> newest.getAndSet(heard.get()) == heard.get());
    }
}
