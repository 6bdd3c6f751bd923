package io.headrace.storage.http;

import io.headrace.testing.web.WebFolder;

class HttpIndexFileContractTest extends AbstractHttpStoreContractTest {
    HttpIndexFileContractTest() {
        super(WebFolder.Kind.INDEX_FILE);
    }
}
