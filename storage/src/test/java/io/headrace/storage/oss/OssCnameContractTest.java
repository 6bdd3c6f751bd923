package io.headrace.storage.oss;

import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;

/** A bucket that is reached at a domain of its own, and named neither in the host name nor in the path. */
class OssCnameContractTest extends OssStoreContractTest {
    /** Spelled in capitals: the SDK looks for buckets in the path where the host is "localhost". */
    private static final String DOMAIN = "LOCALHOST";

    @Override
    UnderStoreOptions options(String name) throws IOException {
        server().bindDomain(DOMAIN, name);
        return super.options(name)
                .with(
                        UnderStoreOption.ENDPOINT,
                        "http://" + DOMAIN + ":" + server().endpoint().getPort())
                .with(UnderStoreOption.CNAME, "true");
    }
}
