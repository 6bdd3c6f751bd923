package io.headrace.storage.oss;

import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.oss.OssServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How tests reach an {@link OssServer}. */
final class OssAccess {
    private OssAccess() {}

    static UnderStore open(String uri, UnderStoreOptions options) throws IOException {
        return UnderStores.open(URI.create(uri), options);
    }

    /** Credentials are written to a file in {@code folder}. */
    static UnderStoreOptions options(OssServer server, OssIdentity identity, Path folder) throws IOException {
        return options(server.endpoint(), identity, folder).with(UnderStoreOption.REGION, server.region());
    }

    static UnderStoreOptions options(URI endpoint, OssIdentity identity, Path folder) throws IOException {
        return UnderStoreOptions.parse(Map.of(
                UnderStoreOption.ENDPOINT.key(),
                endpoint.toString(),
                UnderStoreOption.REGION.key(),
                "cn-hangzhou",
                UnderStoreOption.CREDENTIALS_FILE.key(),
                credentialsFile(identity, folder).toString(),
                UnderStoreOption.STALL_TIMEOUT.key(),
                "30s"));
    }

    static Path credentialsFile(OssIdentity identity, Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("credentials-" + identity.accessKeyId()),
                "# of a test\n[default]\naccess_key_id = %s\naccess_key_secret = %s\n%s"
                        .formatted(
                                identity.accessKeyId(),
                                identity.accessKeySecret(),
                                identity.token()
                                        .map(token -> "security_token = " + token + "\n")
                                        .orElse("")));
    }
}
