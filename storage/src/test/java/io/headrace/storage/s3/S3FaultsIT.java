package io.headrace.storage.s3;

import io.headrace.protocol.ObjectKey;
import io.headrace.storage.AbstractOriginFaultsTest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.seaweed.SeaweedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class S3FaultsIT extends AbstractOriginFaultsTest {
    @TempDir
    private Path folder;

    @Override
    protected Origin serve(ObjectKey key, byte[] content) throws IOException, InterruptedException {
        SeaweedBuckets seaweed = SeaweedBuckets.start();
        String bucket = seaweed.newBucket();
        seaweed.administrator()
                .putObject(ask -> ask.bucket(bucket).key(key.toString()), RequestBody.fromBytes(content));
        return new Origin(seaweed.endpoint(), (address, options) -> open(bucket, address, options), seaweed);
    }

    private UnderStore open(String bucket, URI address, Map<String, String> options) throws IOException {
        Map<String, String> all = new HashMap<>(options);
        all.put("endpoint", address.toString());
        all.put(
                "credentials-file",
                SeaweedBuckets.credentialsFile(SeaweedServer.READER, folder).toString());
        return UnderStores.open(URI.create("s3://" + bucket), UnderStoreOptions.parse(all));
    }
}
