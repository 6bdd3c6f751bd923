package io.headrace.storage;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.file.FileStoreFactory;
import io.headrace.storage.hdfs.HdfsStoreFactory;
import io.headrace.storage.http.HttpStoreFactory;
import io.headrace.storage.oss.OssStoreFactory;
import io.headrace.storage.s3.S3StoreFactory;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Opens the store of a URI, by its scheme. */
public final class UnderStores {
    private static final List<UnderStoreFactory> FACTORIES = List.of(
            new FileStoreFactory(),
            new OssStoreFactory(),
            new S3StoreFactory(),
            new HdfsStoreFactory(),
            new HttpStoreFactory());

    private UnderStores() {}

    /**
     * Makes a store at once, without asking the origin: what is wrong there shows in the store's first call. The caller
     * closes it.
     *
     * @throws OriginException.Refused when the URI or the options cannot be right; the message says how to write them
     */
    public static UnderStore open(URI location, UnderStoreOptions options) throws OriginException {
        UnderStoreFactory factory = factoryOf(location);
        String authority = Objects.requireNonNullElse(location.getRawAuthority(), "");
        int credentials = authority.lastIndexOf('@');
        if (credentials >= 0) {
            throw refused("the URI for " + location.getScheme() + " host \"" + authority.substring(credentials + 1)
                    + "\" holds credentials (the part before the @), which would show in process lists and logs."
                    + " Leave them out, and set them by environment variables or a credentials file");
        }
        if (location.getRawQuery() != null || location.getRawFragment() != null) {
            throw refused("the URI " + location.getScheme() + "://" + authority + location.getRawPath()
                    + " has a part behind ? or #, which is not used (and may hold credentials). Leave it out; write %3F or"
                    + " %23 where a name holds these signs");
        }
        return factory.open(location, options);
    }

    /** Every scheme that {@link #open} knows, sorted. */
    public static List<String> schemes() {
        return FACTORIES.stream()
                .flatMap(factory -> factory.schemes().stream())
                .sorted()
                .toList();
    }

    private static UnderStoreFactory factoryOf(URI location) throws OriginException {
        String scheme = Objects.requireNonNullElse(location.getScheme(), "").toLowerCase(Locale.ROOT);
        for (UnderStoreFactory factory : FACTORIES) {
            if (factory.schemes().contains(scheme)) {
                return factory;
            }
        }
        String problem = scheme.isEmpty()
                ? "the origin \"" + location.getRawPath() + "\" has no scheme"
                : "unknown scheme \"" + scheme + "\"";
        String forms =
                FACTORIES.stream().map(UnderStoreFactory::form).collect(Collectors.toCollection(TreeSet::new)).stream()
                        .collect(Collectors.joining(", "));
        throw refused(problem + ". Write one of: " + forms);
    }

    private static OriginException refused(String message) {
        return new OriginException.Refused(Refusal.BAD_REQUEST, message);
    }
}
