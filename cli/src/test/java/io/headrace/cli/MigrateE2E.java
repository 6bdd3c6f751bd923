package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.testing.seaweed.SeaweedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Files on their way through all kinds of origins, by a cluster of processes of which one is killed meanwhile. */
class MigrateE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Map<String, byte[]> content = new LinkedHashMap<>();
    private ServedBucket bucket;
    private SeaweedServer s3;
    private MiniDFSCluster hdfs;
    private Launcher headrace;
    private StartedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        s3 = SeaweedServer.start();
        createBucket();
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("dfs").toString());
        hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        hdfs.getFileSystem().mkdirs(new org.apache.hadoop.fs.Path("/copies"));
        Random random = new Random(20261125);
        put(random, "weights/a b.bin", (41 << 20) + 1);
        put(random, "weights/c.bin", 3 << 20);
        put(random, "config.json", 777);
        put(random, "empty", 0);
        headrace.with("AWS_ACCESS_KEY_ID", SeaweedServer.ADMIN.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", SeaweedServer.ADMIN.secretKey())
                .with("HEADRACE_JOBS_LEASE", "2s");
        cluster.start(2);
    }

    private void createBucket() {
        try (S3Client client = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .endpointOverride(s3.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(SeaweedServer.ADMIN.accessKey(), SeaweedServer.ADMIN.secretKey())))
                .build()) {
            client.createBucket(ask -> ask.bucket("copies"));
        }
    }

    private void put(Random random, String key, int lengthBytes) throws IOException {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        content.put(key, bytes);
        bucket.put(key, bytes);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
        hdfs.shutdown(true);
        s3.close();
    }

    @Test
    void files_arrive_whole_through_all_kinds_of_origins_though_a_worker_is_killed() throws Exception {
        String submitted = migrate(fromOss("--rate=16MiB"));
        String job = submitted.split(" ")[1];
        await().atMost(PATIENCE).until(() -> show(job).matches("(?s).*bytesFetched\": [1-9].*"));
        cluster.kill("worker-1");
        assertThat(headrace.succeed("jobs", "wait", "--master", cluster.master(), job))
                .contains("complete", "4 of 4 files");

        String s3Options = "--source-option=endpoint=" + s3.endpoint();
        URI nameNode = URI.create("hdfs://127.0.0.1:" + hdfs.getNameNodePort() + "/copies");
        assertThat(migrate(List.of("--wait", "--verify", s3Options, "s3://copies/llama", nameNode)))
                .contains("4 of 4 files");
        Path last = Files.createDirectory(folder.resolve("last"));
        assertThat(migrate(List.of("--wait", "--verify", nameNode, last))).contains("4 of 4 files");
        for (Map.Entry<String, byte[]> file : content.entrySet()) {
            assertThat(Files.readAllBytes(last.resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }

        long read = bucket.server().traffic().bytesSent();
        assertThat(migrate(fromOss("--wait"))).contains("complete", "4 unchanged");
        assertThat(bucket.server().traffic().bytesSent() - read).isLessThan(1 << 20);

        bucket.remove("config.json");
        assertThat(migrate(fromOss("--dry-run", "--delete"))).contains("delete  config.json");
        assertThat(migrate(fromOss("--wait", "--delete"))).contains("1 of 1 deleted");
        Launcher.Outcome refused =
                headrace.run("migrate", "--master", cluster.master(), "s3://copies", "s3://copies/below");
        assertThat(refused.status()).isEqualTo(ExitCode.USAGE.status());
        assertThat(refused.err()).contains("the same place, or one is below the other");
    }

    private List<Object> fromOss(String... options) {
        List<Object> line = new ArrayList<>(List.of(options));
        line.addAll(List.of(
                "--source-option=endpoint=" + bucket.endpoint(),
                "--source-option=region=" + bucket.server().region(),
                "--target-option=endpoint=" + s3.endpoint(),
                "oss://models",
                "s3://copies/llama"));
        return line;
    }

    private String migrate(List<Object> more) throws IOException, InterruptedException {
        List<Object> line = new ArrayList<>(List.of("migrate", "--master", cluster.master()));
        line.addAll(more);
        return headrace.succeed(line.toArray());
    }

    private String show(String job) throws IOException, InterruptedException {
        return headrace.succeed("jobs", "show", "--master", cluster.master(), "--output=json", job);
    }
}
