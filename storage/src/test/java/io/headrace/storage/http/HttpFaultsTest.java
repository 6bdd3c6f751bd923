package io.headrace.storage.http;

import io.headrace.protocol.ObjectKey;
import io.headrace.storage.AbstractOriginFaultsTest;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.WebFolder;
import java.io.IOException;

class HttpFaultsTest extends AbstractOriginFaultsTest {
    @Override
    protected Origin serve(ObjectKey key, byte[] content) throws IOException {
        WebFolder files = new WebFolder(WebFolder.Kind.FULL);
        files.put(key.toString(), content);
        ScriptedServer server = ScriptedServer.start(files);
        return new Origin(
                server.uri(),
                (address, options) -> UnderStores.open(address.resolve("/files/"), UnderStoreOptions.parse(options)),
                server);
    }
}
