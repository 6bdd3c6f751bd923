package io.headrace.storage.http;

import io.headrace.testing.web.WebFolder;

class HttpLastModifiedContractTest extends AbstractHttpStoreContractTest {
    HttpLastModifiedContractTest() {
        super(WebFolder.Kind.LAST_MODIFIED_ONLY);
    }
}
