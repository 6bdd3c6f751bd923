package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreFactory;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Objects;
import java.util.Set;

/** Opens {@code s3://BUCKET/FOLDER}. */
public final class S3StoreFactory implements UnderStoreFactory {
    @Override
    public Set<String> schemes() {
        return Set.of("s3", "s3a");
    }

    @Override
    public String form() {
        return "s3://BUCKET/FOLDER";
    }

    @Override
    public UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        String bucket = Objects.requireNonNullElse(location.getRawAuthority(), "");
        if (bucket.isEmpty()) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, location + " names no bucket. Write s3://BUCKET/FOLDER, with two slashes");
        }
        if (bucket.contains(":")) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    "\"" + bucket + "\" is no bucket. Write s3://BUCKET/FOLDER, and the server as the option"
                            + " endpoint=http://HOST:PORT");
        }
        S3Location place = S3Location.of(bucket, Objects.requireNonNullElse(location.getRawPath(), ""));
        return new S3Store(place, S3Session.start(place, options, System.getenv()));
    }
}
