package io.headrace.storage.http;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreFactory;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Set;

/** Opens {@code http(s)://HOST/FOLDER/} and {@code http(s)://HOST/FILE}. */
public final class HttpStoreFactory implements UnderStoreFactory {
    @Override
    public Set<String> schemes() {
        return Set.of("http", "https");
    }

    @Override
    public String form() {
        return "https://HOST/FOLDER/";
    }

    @Override
    public UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        if (location.getHost() == null) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, location + " names no host. Write https://HOST/FOLDER/ or https://HOST/FILE");
        }
        return new HttpStore(HttpLocation.of(location), HttpSession.start(location, options));
    }
}
