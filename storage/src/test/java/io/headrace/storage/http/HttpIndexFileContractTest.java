package io.headrace.storage.http;

class HttpIndexFileContractTest extends AbstractHttpStoreContractTest {
    HttpIndexFileContractTest() {
        super(WebFolder.Kind.INDEX_FILE);
    }
}
