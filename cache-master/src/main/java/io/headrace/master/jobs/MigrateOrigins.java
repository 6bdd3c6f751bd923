package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/** The two origins of a migrate, and what they must be to each other. */
final class MigrateOrigins {
    private static final int MOST_GLOBS = 1000;
    private static final int PAIR_BYTES = 16;

    private MigrateOrigins() {}

    /**
     * The spec with its URIs as the stores write them. Asks nothing of the origins.
     *
     * @throws IllegalArgumentException when it can be no job; the message says why
     */
    static JobSpec tidy(JobSpec spec) {
        MigrateSpec migrate = spec.getMigrate();
        if (migrate.getIncludeCount() + migrate.getExcludeCount() > MOST_GLOBS) {
            throw new IllegalArgumentException("a migrate has at most " + MOST_GLOBS + " globs");
        }
        if (migrate.getDeleteAll() && !migrate.getDelete()) {
            throw new IllegalArgumentException("--delete-all says something only with --delete");
        }
        KeyChoice _ = KeyChoice.of(migrate);
        try (UnderStore source = source(migrate);
                UnderStore target = target(migrate)) {
            if (!target.capabilities().writes()) {
                throw new IllegalArgumentException(
                        target.location() + " cannot be written to: origins of its kind are read only");
            }
            requireApart(
                    place(source.location(), migrate.getSourceOptionsMap()),
                    place(target.location(), migrate.getTargetOptionsMap()));
            return spec.toBuilder()
                    .setMigrate(migrate.toBuilder()
                            .setSource(source.location().toString())
                            .setTarget(target.location().toString()))
                    .build();
        } catch (OriginException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static UnderStore source(MigrateSpec spec) throws OriginException {
        return open(spec.getSource(), spec.getSourceOptionsMap());
    }

    static UnderStore target(MigrateSpec spec) throws OriginException {
        return open(spec.getTarget(), spec.getTargetOptionsMap());
    }

    private static UnderStore open(String uri, Map<String, String> options) throws OriginException {
        try {
            return UnderStores.open(new URI(uri), UnderStoreOptions.parse(options));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + uri + "\" is no URI: " + e.getReason() + ". Write spaces as %20", e);
        }
    }

    private static void requireApart(String source, String target) {
        if (isBelow(source, target) || isBelow(target, source)) {
            throw new IllegalArgumentException("source and target are the same place, or one is below the other: "
                    + source + " and " + target + ". A copy would meet itself; choose places apart");
        }
    }

    private static boolean isBelow(String place, String above) {
        return (place + "/").startsWith(above + "/");
    }

    /** The same endpoint in two spellings is not seen to be the same. */
    private static String place(URI location, Map<String, String> options) {
        String text = location.toString();
        if ("file".equals(location.getScheme())) {
            text = "file://" + real(Path.of(location));
        }
        String endpoint = options.getOrDefault("endpoint", "").replaceAll("/+$", "");
        return (endpoint.isEmpty() ? "" : endpoint + " ") + text.replaceAll("/+$", "");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path.normalize();
        }
    }

    /** What source and target are told by among all pairs: what was copied is remembered by it. */
    static Bytes pair(MigrateSpec spec) {
        String text = String.join(
                "\n",
                List.of(
                        spec.getSource(),
                        spec.getSourceOptionsMap().getOrDefault("endpoint", ""),
                        spec.getTarget(),
                        spec.getTargetOptionsMap().getOrDefault("endpoint", "")));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Bytes.copyOf(digest, 0, PAIR_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
