package io.headrace.storage.oss;

import io.headrace.protocol.ObjectKey;
import io.headrace.storage.AbstractOriginFaultsTest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class OssFaultsTest extends AbstractOriginFaultsTest {
    @TempDir
    private Path folder;

    @Override
    protected Origin serve(ObjectKey key, byte[] content) throws IOException {
        OssServer server = OssServer.start(OssServerOptions.of(folder));
        server.createBucket("models");
        server.put("models", key, content);
        return new Origin(server.endpoint(), this::open, server);
    }

    private UnderStore open(URI address, Map<String, String> options) throws IOException {
        Map<String, String> all = new HashMap<>(options);
        all.put("endpoint", address.toString());
        all.put("region", "cn-hangzhou");
        all.put(
                "credentials-file",
                OssAccess.credentialsFile(OssServerOptions.OWNER, folder).toString());
        return OssAccess.open("oss://models", UnderStoreOptions.parse(all));
    }
}
