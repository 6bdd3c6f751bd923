package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for credentials in the environment, in files and at the services that hand out a role's. The environment and the
 * files are read at each request anew, so that temporary ones can be renewed by writing the file. The SDK itself knows
 * only the environment.
 */
record OssCredentials(Optional<Path> file, Optional<String> profile, Map<String, String> environment, Roles roles)
        implements CredentialsProvider {
    /**
     * Whose credentials may be used.
     *
     * @param oidc the role for an identity provider's token
     * @param instance the role of this ECS instance
     */
    record Roles(Optional<RenewedCredentials> oidc, Optional<RenewedCredentials> instance) {
        static final Roles NONE = new Roles(Optional.empty(), Optional.empty());

        /** @param metadata where the ECS instance's metadata service is */
        static Roles of(UnderStoreOptions options, Map<String, String> environment, URI metadata) {
            InstantSource clock = InstantSource.system();
            return new Roles(
                    OidcRole.of(environment, options).map(role -> new RenewedCredentials(role, clock)),
                    EcsRole.of(environment, metadata).map(role -> new RenewedCredentials(role, clock)));
        }
    }

    static OssCredentials of(UnderStoreOptions options, Map<String, String> environment) {
        return new OssCredentials(
                options.credentialsFile(),
                options.profile(),
                environment,
                Roles.of(options, environment, EcsRole.METADATA));
    }

    /**
     * @throws Missing when there are none; the message says where they are looked for
     * @throws Unanswered when a service that hands them out may do so later
     */
    @Override
    public Credentials getCredentials() {
        if (file.isEmpty() && profile.isEmpty()) {
            Optional<Credentials> set = fromEnvironment(
                            "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN")
                    .or(() -> fromEnvironment(
                            "ALIBABA_CLOUD_ACCESS_KEY_ID",
                            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                            "ALIBABA_CLOUD_SECURITY_TOKEN"))
                    .or(() -> roles.oidc.map(RenewedCredentials::getCredentials));
            if (set.isPresent()) {
                return set.get();
            }
        }
        Path from = file.orElseGet(this::usualFile);
        if (Files.isReadable(from)) {
            return fromFile(from);
        }
        if (file.isPresent()) {
            throw new Missing("the credentials-file " + from + " cannot be used: it is not there, or user \""
                    + System.getProperty("user.name") + "\" may not read it");
        }
        if (profile.isEmpty() && roles.instance.isPresent()) {
            return ofInstance(roles.instance.get(), from);
        }
        throw nowhere(from, "");
    }

    /** Off ECS, where nobody has named a role, the metadata service is only the last of the places that have nothing. */
    private Credentials ofInstance(RenewedCredentials instance, Path from) {
        try {
            return instance.getCredentials();
        } catch (Missing | Unanswered e) {
            if (instance.wereEverFound()
                    || environment.containsKey("ALIBABA_CLOUD_ECS_METADATA")
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            throw nowhere(from, " (nor has an ECS instance's role any: " + e.getMessage() + ")");
        }
    }

    private static Missing nowhere(Path from, String instance) {
        return new Missing("no credentials were found. Set OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET, write"
                + " access_key_id and access_key_secret to " + from + ", or name a file with the option"
                + " credentials-file; for a public bucket set the option anonymous=true" + instance);
    }

    private Optional<Credentials> fromEnvironment(String id, String secret, String token) {
        return credentials(environment, id, secret, token);
    }

    private static Optional<Credentials> credentials(
            Map<String, String> values, String id, String secret, String token) {
        String keyId = values.getOrDefault(id, "");
        String keySecret = values.getOrDefault(secret, "");
        String security = values.getOrDefault(token, "");
        if (keyId.isEmpty() || keySecret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                security.isEmpty() ? new Credentials(keyId, keySecret) : new Credentials(keyId, keySecret, security));
    }

    private Path usualFile() {
        return Optional.ofNullable(environment.get("ALIBABA_CLOUD_CREDENTIALS_FILE"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".alibabacloud", "credentials"));
    }

    private Credentials fromFile(Path from) {
        String name = profile.or(() -> Optional.ofNullable(environment.get("ALIBABA_CLOUD_PROFILE")))
                .orElse("default");
        return credentials(section(from, name), "access_key_id", "access_key_secret", "security_token")
                .orElseThrow(() -> new Missing("the credentials file " + from + " has no access_key_id and"
                        + " access_key_secret under [" + name + "]. Write them there, and security_token for"
                        + " temporary ones, or name another profile with the option profile"));
    }

    /** The lines {@code key = value} below {@code [name]}. */
    private static Map<String, String> section(Path from, String name) {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        try {
            for (String line : Files.readAllLines(from)) {
                String text = line.strip();
                int equals = text.indexOf('=');
                if (text.startsWith("[")) {
                    inside = text.equals("[" + name + "]");
                } else if (inside && equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
                    values.put(
                            text.substring(0, equals).strip(),
                            text.substring(equals + 1).strip());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Missing(
                    "the credentials file " + from + " cannot be read: it is no text in UTF-8, or was removed");
        }
        return values;
    }

    @Override
    public String toString() {
        return "credentials of " + file.map(Path::toString).orElse("the environment");
    }

    /** There are none. The message is for people. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    /** Who hands out credentials does not answer, which may pass. The message is for people. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unanswered(String message) {
            super(message);
        }
    }
}
