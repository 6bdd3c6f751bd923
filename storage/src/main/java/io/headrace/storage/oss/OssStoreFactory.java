package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.AnonymousCredentialsProvider;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreFactory;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Opens {@code oss://BUCKET/FOLDER}. */
public final class OssStoreFactory implements UnderStoreFactory {
    /** https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

    @Override
    public Set<String> schemes() {
        return Set.of("oss");
    }

    @Override
    public String form() {
        return "oss://BUCKET/FOLDER";
    }

    @Override
    public UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        String bucket = Objects.requireNonNullElse(location.getRawAuthority(), "");
        if (bucket.isEmpty()) {
            throw refused(location + " names no bucket. Write oss://BUCKET/FOLDER, with two slashes");
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw refused(
                    "\"" + bucket + "\" is no bucket's name: 3 to 63 of a-z, 0-9 and -. Write oss://BUCKET/FOLDER,"
                            + " and the server as the option endpoint=https://HOST");
        }
        OssEndpoint endpoint = OssEndpoint.of(options, System.getenv());
        OssLocation place = OssLocation.of(bucket, Objects.requireNonNullElse(location.getRawPath(), ""));
        CredentialsProvider credentials =
                options.anonymous() ? new AnonymousCredentialsProvider() : OssCredentials.of(options, System.getenv());
        return new OssStore(place, OssSession.start(endpoint, options, credentials));
    }

    private static OriginException refused(String message) {
        return new OriginException.Refused(Refusal.BAD_REQUEST, message);
    }
}
