package io.headrace.storage.http;

import io.headrace.testing.web.WebFolder;

class HttpStoreContractTest extends AbstractHttpStoreContractTest {
    HttpStoreContractTest() {
        super(WebFolder.Kind.FULL);
    }
}
