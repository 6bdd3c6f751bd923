package io.headrace.storage.http;

class HttpLastModifiedContractTest extends AbstractHttpStoreContractTest {
    HttpLastModifiedContractTest() {
        super(WebFolder.Kind.LAST_MODIFIED_ONLY);
    }
}
