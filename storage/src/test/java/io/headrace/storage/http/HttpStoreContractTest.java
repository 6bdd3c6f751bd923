package io.headrace.storage.http;

class HttpStoreContractTest extends AbstractHttpStoreContractTest {
    HttpStoreContractTest() {
        super(WebFolder.Kind.FULL);
    }
}
