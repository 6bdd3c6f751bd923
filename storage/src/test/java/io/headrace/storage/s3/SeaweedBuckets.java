package io.headrace.storage.s3;

import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.seaweed.S3Identity;
import io.headrace.testing.seaweed.SeaweedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A SeaweedFS server with an administrator's client beside the stores under test. */
final class SeaweedBuckets implements AutoCloseable {
    private final SeaweedServer server;
    private final S3Client administrator;
    private int buckets;

    private SeaweedBuckets(SeaweedServer server) {
        this.server = server;
        this.administrator = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(SeaweedServer.ADMIN.accessKey(), SeaweedServer.ADMIN.secretKey())))
                .build();
    }

    /** Takes over the server. */
    static SeaweedBuckets of(SeaweedServer server) {
        return new SeaweedBuckets(server);
    }

    static SeaweedBuckets start() throws IOException, InterruptedException {
        return new SeaweedBuckets(SeaweedServer.start());
    }

    S3Client administrator() {
        return administrator;
    }

    URI endpoint() {
        return server.endpoint();
    }

    String newBucket() {
        String bucket = "bucket-" + ++buckets;
        administrator.createBucket(ask -> ask.bucket(bucket));
        return bucket;
    }

    /** Opens a store as this identity, whose credentials are written to a file in {@code folder}. */
    UnderStore open(String uri, S3Identity identity, Path folder) throws IOException {
        return UnderStores.open(URI.create(uri), options(identity, folder));
    }

    UnderStoreOptions options(S3Identity identity, Path folder) throws IOException {
        return UnderStoreOptions.parse(Map.of(
                UnderStoreOption.ENDPOINT.key(), server.endpoint().toString(),
                UnderStoreOption.CREDENTIALS_FILE.key(),
                        credentialsFile(identity, folder).toString(),
                UnderStoreOption.STALL_TIMEOUT.key(), "30s"));
    }

    static Path credentialsFile(S3Identity identity, Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("credentials-" + identity.name()),
                "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                        .formatted(identity.accessKey(), identity.secretKey()));
    }

    @Override
    public void close() {
        administrator.close();
        server.close();
    }
}
