package io.headrace.storage.oss;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the service is, and the region that requests are signed for. Either follows from the other for the public
 * service: https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 *
 * @param region empty only for requests that are not signed
 */
record OssEndpoint(URI uri, String region) {
    private static final Pattern PUBLIC = Pattern.compile("oss-([a-z0-9-]+?)(?:-internal)?\\.aliyuncs\\.com");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");

    static OssEndpoint of(UnderStoreOptions options, Map<String, String> environment) throws OriginException {
        Optional<URI> uri = options.endpoint();
        if (options.cname() && uri.isEmpty()) {
            throw refused(
                    "the option cname says that the endpoint is the bucket's own domain, and there is no endpoint."
                            + " Set the option endpoint=https://DOMAIN");
        }
        if (options.cname() && options.pathStyle().orElse(false)) {
            throw refused("the options cname and path-style exclude each other. Leave one out");
        }
        String region = options.region()
                .or(() -> uri.flatMap(OssEndpoint::regionOf))
                .or(() -> Stream.of("OSS_REGION", "ALIBABA_CLOUD_REGION_ID")
                        .flatMap(name -> Stream.ofNullable(environment.get(name)))
                        .findFirst())
                .orElse("");
        if (region.isEmpty() && !(options.anonymous() && uri.isPresent())) {
            throw refused(
                    "the bucket's region is not known, and requests are signed for it. Set the option region, such as"
                            + " region=cn-hangzhou, or OSS_REGION");
        }
        if (!region.isEmpty() && !REGION.matcher(region).matches()) {
            throw refused("\"" + region + "\" is no region. Set the option region, such as region=cn-hangzhou");
        }
        String bare = region.startsWith("oss-") ? region.substring("oss-".length()) : region;
        return new OssEndpoint(uri.orElseGet(() -> URI.create("https://oss-" + bare + ".aliyuncs.com")), bare);
    }

    private static Optional<String> regionOf(URI endpoint) {
        Matcher matcher = PUBLIC.matcher(endpoint.getHost());
        return matcher.matches() && !matcher.group(1).startsWith("accelerate")
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    private static OriginException refused(String message) {
        return new OriginException.Refused(Refusal.BAD_REQUEST, message);
    }
}
