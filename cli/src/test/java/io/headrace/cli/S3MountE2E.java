package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.testing.seaweed.S3Identity;
import io.headrace.testing.seaweed.SeaweedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The whole program on a bucket. */
class S3MountE2E {
    private static final OriginTree TREE = OriginTree.ofAwkwardFiles();

    @TempDir
    private Path folder;

    @Test
    void every_byte_of_a_bucket_is_the_objects_and_credentials_show_nowhere() throws Exception {
        Path mountPoint = Files.createDirectory(folder.resolve("mount"));
        try (SeaweedServer server = SeaweedServer.start();
                Launcher headrace = Launcher.in(folder)) {
            upload(server);
            identify(headrace, SeaweedServer.READER);

            mount(headrace, server, "s3://models/llama", mountPoint);
            TREE.assertSameNames(mountPoint);
            TREE.assertSameBytesByRead(mountPoint);
            headrace.succeed("load", mountPoint);
            TREE.assertSameBytesByMapping(mountPoint);
            assertThat(headrace.succeed("check", "--origin", mountPoint)).contains(" 0 not right");

            String said = headrace.succeed("status", "--verbose", mountPoint)
                    + Files.readString(Path.of(headrace.status(mountPoint).getLogFile()));
            assertThat(said).contains("s3://models/llama").doesNotContain(SeaweedServer.READER.secretKey());
            headrace.succeed("umount", mountPoint);
            assertThat(headrace.mounted()).isEmpty();
        }
    }

    @Test
    void a_bucket_that_refuses_is_told_with_its_name_and_code() throws Exception {
        Path mountPoint = Files.createDirectory(folder.resolve("mount"));
        try (SeaweedServer server = SeaweedServer.start();
                Launcher headrace = Launcher.in(folder)) {
            upload(server);
            identify(headrace, SeaweedServer.STRANGER);
            Launcher.Outcome stranger = run(headrace, server, "s3://models", mountPoint);
            assertThat(stranger.status()).as(stranger.err()).isEqualTo(ExitCode.ORIGIN_REFUSED.status());
            assertThat(stranger.err()).contains("models");

            identify(headrace, SeaweedServer.ADMIN);
            Launcher.Outcome missing = run(headrace, server, "s3://no-such-bucket", mountPoint);
            assertThat(missing.status()).as(missing.err()).isEqualTo(ExitCode.ORIGIN_REFUSED.status());
            assertThat(missing.err()).contains("no-such-bucket");
            assertThat(headrace.mounted()).isEmpty();
        }
    }

    private static void identify(Launcher headrace, S3Identity identity) {
        headrace.with("AWS_ACCESS_KEY_ID", identity.accessKey()).with("AWS_SECRET_ACCESS_KEY", identity.secretKey());
    }

    private static void mount(Launcher headrace, SeaweedServer server, String uri, Path mountPoint) throws Exception {
        Launcher.Outcome mounted = run(headrace, server, uri, mountPoint);
        assertThat(mounted.status()).as(mounted.err()).isZero();
    }

    private static Launcher.Outcome run(Launcher headrace, SeaweedServer server, String uri, Path mountPoint)
            throws Exception {
        return headrace.run(
                "mount",
                "--cache",
                mountPoint.resolveSibling("cache") + ":64MiB",
                "--memory=16MiB",
                "--endpoint=" + server.endpoint(),
                "--region=us-east-1",
                "--path-style",
                uri,
                mountPoint);
    }

    private static void upload(SeaweedServer server) {
        S3Identity admin = SeaweedServer.ADMIN;
        try (S3Client client = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(admin.accessKey(), admin.secretKey())))
                .build()) {
            client.createBucket(ask -> ask.bucket("models"));
            TREE.files()
                    .forEach((name, content) -> client.putObject(
                            ask -> ask.bucket("models").key("llama/" + name), RequestBody.fromBytes(content)));
        }
    }
}
