package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.testing.fault.Fault;
import io.headrace.testing.oss.OssServerOptions;
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.TestCertificate;
import io.headrace.testing.web.WebFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code headrace mount} says when its origin cannot be had: soon, with an exit code, and leaving nothing behind. */
class MountTroubleE2E {
    private static final byte[] CONTENT =
            "0123456789".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /** What bounds a mount that fails is a timeout of seconds; this leaves a machine under load time to start a JVM. */
    private static final Duration SOON = Duration.ofSeconds(45);

    private static final String WRONG_SECRET = "not-the-owners-secret";

    @TempDir
    private Path folder;

    private ServedBucket bucket;
    private Launcher headrace;
    private Path mountPoint;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        bucket = ServedBucket.start(folder.resolve("bucket"));
        bucket.put("cached", CONTENT);
        bucket.put("never-read", CONTENT);
        headrace = Launcher.in(folder)
                .with("ALIBABA_CLOUD_CREDENTIALS_FILE", folder.resolve("absent").toString())
                .with("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        mountPoint = Files.createDirectory(folder.resolve("mount"));
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
        bucket.close();
    }

    @Test
    void credentials_that_are_missing_unknown_or_wrong_are_told() throws Exception {
        assertRefused(ExitCode.ORIGIN_REFUSED, "no credentials were found", bucket.mount(headrace, mountPoint));
        headrace.with("OSS_ACCESS_KEY_ID", "LTAINOBODY").with("OSS_ACCESS_KEY_SECRET", WRONG_SECRET);
        assertRefused(ExitCode.ORIGIN_REFUSED, "does not know this access key", bucket.mount(headrace, mountPoint));
        headrace.with("OSS_ACCESS_KEY_ID", OssServerOptions.OWNER.accessKeyId());
        assertRefused(ExitCode.ORIGIN_REFUSED, "secret key is wrong", bucket.mount(headrace, mountPoint));
    }

    @Test
    void a_bucket_that_is_not_there_is_told() throws Exception {
        ServedBucket.identify(headrace);

        assertRefused(
                ExitCode.ORIGIN_REFUSED,
                "there is no bucket \"no-such-bucket\"",
                mount("--endpoint=" + bucket.endpoint(), "--region=cn-hangzhou", "oss://no-such-bucket"));
    }

    @Test
    void an_endpoint_that_refuses_hangs_or_is_in_trouble_is_unavailable() throws Exception {
        ServedBucket.identify(headrace);
        bucket.proxy().inject(new Fault.Hang(0));
        assertRefused(
                ExitCode.ORIGIN_UNAVAILABLE,
                "stall-timeout",
                bucket.mount(headrace, mountPoint, "--origin-option", "stall-timeout=1s"));
        bucket.proxy().inject(Fault.Reply.of(503));
        assertRefused(ExitCode.ORIGIN_UNAVAILABLE, "is in trouble", bucket.mount(headrace, mountPoint));
        bucket.proxy().close();
        assertRefused(
                ExitCode.ORIGIN_UNAVAILABLE,
                "no connection to 127.0.0.1:" + bucket.proxy().port(),
                bucket.mount(headrace, mountPoint));
    }

    @Test
    void a_server_that_is_not_trusted_is_told_and_read_once_its_certificate_is_named() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        WebFolder files = new WebFolder(WebFolder.Kind.FULL);
        files.put("file", CONTENT);
        try (ScriptedServer server = ScriptedServer.startTls(certificate, files)) {
            String uri = server.uri() + "/files/";
            assertRefused(ExitCode.ORIGIN_REFUSED, "no trusted TLS connection", mount(uri));

            Launcher.Outcome trusting = mount("--origin-option", "ca-file=" + certificate.pem(), uri);
            assertThat(trusting.status()).as(trusting.err()).isZero();
            assertThat(Files.readAllBytes(mountPoint.resolve("file"))).isEqualTo(CONTENT);
        }
    }

    @Test
    void an_origin_that_was_listed_before_may_be_away_and_come_back() throws Exception {
        ServedBucket.identify(headrace);
        headrace.with("HEADRACE_ORIGIN_DEADLINE", "2s");
        assertThat(bucket.mount(headrace, mountPoint).status()).isZero();
        headrace.succeed("load", mountPoint.resolve("cached"));
        headrace.succeed("umount", mountPoint);
        await().atMost(SOON).until(() -> headrace.processes().isEmpty());
        bucket.proxy().inject(new Fault.Reset());

        Launcher.Outcome away = bucket.mount(headrace, mountPoint);

        assertThat(away.status()).as(away.err()).isZero();
        assertThat(Files.readAllBytes(mountPoint.resolve("cached"))).isEqualTo(CONTENT);
        assertThatThrownBy(() -> Files.readAllBytes(mountPoint.resolve("never-read")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Input/output error");

        bucket.proxy().heal();
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(Files.readAllBytes(mountPoint.resolve("never-read")))
                        .isEqualTo(CONTENT));
    }

    private Launcher.Outcome mount(String... options) throws IOException, InterruptedException {
        Object[] line = new Object[options.length + 5];
        line[0] = "mount";
        line[1] = "--cache";
        line[2] = folder.resolve("cache") + ":64MiB";
        line[3] = "--memory=16MiB";
        System.arraycopy(options, 0, line, 4, options.length);
        line[line.length - 1] = mountPoint;
        return headrace.run(line);
    }

    private void assertRefused(ExitCode code, String hint, Launcher.Outcome refused) throws IOException {
        assertThat(refused.status()).as(refused.err()).isEqualTo(code.status());
        assertThat(refused.err())
                .startsWith("headrace: ")
                .contains(hint)
                .doesNotContain("Exception", WRONG_SECRET, OssServerOptions.OWNER.accessKeySecret());
        assertThat(headrace.mounted()).isEmpty();
        await().atMost(SOON).until(() -> headrace.processes().isEmpty());
    }
}
