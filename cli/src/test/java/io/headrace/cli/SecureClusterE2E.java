package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes that speak TLS and ask for tokens. */
class SecureClusterE2E {
    private static final long SEED = 20261125;
    private static final int LARGE = 9 << 20;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LARGE];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;
    private Path certificates;
    private Path key;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(SEED).nextBytes(content);
        bucket.put("model.bin", content);
        certificates = folder.resolve("certificates");
        key = folder.resolve("tokens.key");
        headrace.succeed("cluster", "certs", certificates);
        headrace.succeed("token", "key", "create", "--key", key);
        token("worker", "--all-data-sets", "--rights=worker");
        Path settings = settings("workers", List.of("token.file = " + tokenFile("worker")));
        cluster.start(2, "--settings", settings);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void reads_go_on_while_the_ca_and_all_certificates_are_replaced() throws Exception {
        token("tenant", "--data-set=oss://models", "--rights=mount");
        Path settings = settings("tenant", List.of("token.file = " + tokenFile("tenant")));
        Path mountPoint = cluster.mount("mount", "--settings", settings);
        assertThat(mountPoint.resolve("model.bin")).hasBinaryContent(content);

        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> readTwice = new CompletableFuture<>();
        try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
            Future<Integer> rounds = reader.submit(() -> readAgainAndAgain(mountPoint, enough, readTwice));
            headrace.succeed("cluster", "certs", certificates);
            Launcher.Outcome status =
                    headrace.run("cluster", "status", "--directory", cluster.directory(), "--settings", settings);
            // Until all processes have looked at their files, old and new do not know each other.
            for (int i = 0; i < 60 && status.status() != 0; i++) {
                status = headrace.run("cluster", "status", "--directory", cluster.directory(), "--settings", settings);
            }
            assertThat(status.out()).contains("data set  models");
            readTwice.get(120, TimeUnit.SECONDS);
            enough.set(true);
            assertThat(rounds.get(120, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(2);
        }
        // Connections that are new for sure.
        headrace.succeed("umount", mountPoint);
        assertThat(cluster.mount("again", "--settings", settings).resolve("model.bin"))
                .hasBinaryContent(content);
    }

    /** Returns how often it read everything from the workers. */
    private int readAgainAndAgain(Path mountPoint, AtomicBoolean enough, CompletableFuture<Void> readTwice)
            throws IOException, InterruptedException {
        int rounds = 0;
        while (!enough.get()) {
            headrace.succeed("evict", mountPoint);
            assertThat(mountPoint.resolve("model.bin")).hasBinaryContent(content);
            if (++rounds >= 2) {
                readTwice.complete(null);
            }
        }
        return rounds;
    }

    @Test
    void what_the_token_does_not_permit_is_refused_with_what_is_missing() throws Exception {
        Path none = settings("nobody", List.of());
        assertRefused(
                "a token is needed here", "cluster", "status", "--directory", cluster.directory(), "--settings", none);

        token("reader", "--data-set=oss://other", "--rights=read");
        Path reader = settings("reader", List.of("token.file = " + tokenFile("reader")));
        assertRefused("lacks the right to mount", cluster.mountCommand("refused", "--settings", reader));

        token("other", "--data-set=oss://other", "--rights=mount");
        Path other = settings("other", List.of("token.file = " + tokenFile("other")));
        assertRefused("does not cover mount", cluster.mountCommand("foreign", "--settings", other));

        Launcher.Outcome plain = headrace.run("cluster", "status", "--directory", cluster.directory());
        assertThat(plain.status()).isNotZero();
        assertThat(plain.err()).contains("does it speak TLS, and this process plain text?");
    }

    @Test
    void a_key_that_others_may_read_is_named_at_the_start() throws Exception {
        Files.setPosixFilePermissions(
                certificates.resolve("localhost.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Launcher.Outcome outcome = headrace.run(
                "cluster", "status", "--directory", cluster.directory(), "--settings", settings("nobody", List.of()));
        assertThat(outcome.status()).isEqualTo(ExitCode.ENVIRONMENT.status());
        assertThat(outcome.err()).contains("chmod o= " + certificates.resolve("localhost.key"));
    }

    private void assertRefused(String message, Object... arguments) throws IOException, InterruptedException {
        Launcher.Outcome outcome = headrace.run(arguments);
        assertThat(outcome.err()).contains(message);
        assertThat(outcome.status()).isEqualTo(ExitCode.ORIGIN_REFUSED.status());
    }

    private Path tokenFile(String name) {
        return folder.resolve(name + ".token");
    }

    private void token(String tenant, String... more) throws IOException, InterruptedException {
        List<Object> command = new ArrayList<>(
                List.of("token", "create", "--key", key, "--tenant", tenant, "--out", tokenFile(tenant)));
        command.addAll(List.of(more));
        headrace.succeed(command.toArray());
        assertThat(Files.getPosixFilePermissions(tokenFile(tenant)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private Path settings(String name, List<String> more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "tls.certificate-file = " + certificates.resolve("localhost.pem"),
                "tls.key-file = " + certificates.resolve("localhost.key"),
                "tls.trusted-file = " + certificates.resolve("ca.pem"),
                "tls.reload-interval = 200ms",
                "token.keys-file = " + key + ".pub"));
        lines.addAll(more);
        return Files.write(folder.resolve(name + ".properties"), lines);
    }
}
