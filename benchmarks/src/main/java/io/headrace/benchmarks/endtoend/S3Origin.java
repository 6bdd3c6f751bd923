package io.headrace.benchmarks.endtoend;

import io.headrace.testing.seaweed.SeaweedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A SeaweedFS S3 server with one bucket, and the SDK's plain client of it. Closing ends both. */
final class S3Origin implements AutoCloseable {
    static final String BUCKET = "bench";

    private static final int CONNECTIONS = 16;

    private final SeaweedServer server;
    private final S3Client client;

    private S3Origin(SeaweedServer server, S3Client client) {
        this.server = server;
        this.client = client;
    }

    static S3Origin start() throws IOException, InterruptedException {
        SeaweedServer server = SeaweedServer.start();
        S3Client client = S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(SeaweedServer.ADMIN.accessKey(), SeaweedServer.ADMIN.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
        return new S3Origin(server, client);
    }

    void put(String key, Path file) {
        client.putObject(request -> request.bucket(BUCKET).key(key), file);
    }

    S3Client client() {
        return client;
    }

    URI endpoint() {
        return server.endpoint();
    }

    /** For a program that takes its credentials from the environment. */
    static Map<String, String> credentials() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", SeaweedServer.ADMIN.accessKey(),
                "AWS_SECRET_ACCESS_KEY", SeaweedServer.ADMIN.secretKey());
    }

    MountedHeadrace mount(Workbench bench, String name, String... options) throws IOException, InterruptedException {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "--endpoint",
                                endpoint().toString(),
                                "--region",
                                "us-east-1",
                                "--path-style",
                                "--cache",
                                bench.folder(name + "-cache") + ":8GiB"),
                        java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        return MountedHeadrace.mount(
                bench.repository(), credentials(), "s3://" + BUCKET + "/", bench.folder(name + "-mount"), all);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
