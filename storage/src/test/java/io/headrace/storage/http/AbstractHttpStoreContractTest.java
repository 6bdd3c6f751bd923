package io.headrace.storage.http;

import io.headrace.storage.AbstractUnderStoreContractTest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.WebFolder;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on web servers of one kind. */
abstract class AbstractHttpStoreContractTest extends AbstractUnderStoreContractTest {
    private final WebFolder files;
    private ScriptedServer server;

    AbstractHttpStoreContractTest(WebFolder.Kind kind) {
        this.files = new WebFolder(kind);
    }

    @BeforeEach
    @Override
    protected final void openStore() throws Exception {
        server = ScriptedServer.start(files);
        super.openStore();
    }

    @AfterEach
    final void stopServer() {
        server.close();
    }

    @Override
    protected final UnderStore openEmpty() throws IOException {
        return open("/files/");
    }

    @Override
    protected final UnderStore openMissing() throws IOException {
        return open("/missing/");
    }

    private UnderStore open(String path) throws IOException {
        return UnderStores.open(URI.create(server.uri() + path), UnderStoreOptions.defaults());
    }

    @Override
    protected final void put(String key, byte[] content) {
        files.put(key, content);
    }

    @Override
    protected final void remove(String key) {
        files.remove(key);
    }

    @Override
    protected final void makeDirectory(String key) {
        throw new AssertionError("web servers have no empty directories");
    }
}
