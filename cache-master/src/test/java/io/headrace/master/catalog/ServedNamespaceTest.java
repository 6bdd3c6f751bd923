package io.headrace.master.catalog;

import io.headrace.client.names.NamesSettings;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.master.serve.CatalogService;
import io.headrace.master.serve.ServeSettings;
import io.headrace.master.serve.ServedNames;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a client shows of a catalog that is served on another port of this machine. */
class ServedNamespaceTest extends ObjectStoreNamespaceTest {
    private @Nullable ServedNames served;

    NamesSettings settings() {
        return NamesSettings.defaults();
    }

    @Override
    final Namespace read(OpenCatalog opened) throws IOException {
        ServedNames now = ServedNames.start(CatalogService.of(opened.catalog, ServeSettings.defaults()));
        served = now;
        RemoteNamespace client = now.client(
                settings(),
                () -> Duration.between(Instant.EPOCH, opened.clock.instant()).toNanos());
        return client;
    }

    @Override
    final void closeClient() throws IOException {
        if (served != null) {
            served.close();
        }
    }
}
