package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for credentials in the environment and in files, at each request anew, so that temporary ones can be renewed by
 * writing the file. The SDK itself knows only the environment.
 */
record OssCredentials(Optional<Path> file, Optional<String> profile, Map<String, String> environment)
        implements CredentialsProvider {
    static OssCredentials of(UnderStoreOptions options, Map<String, String> environment) {
        return new OssCredentials(options.credentialsFile(), options.profile(), environment);
    }

    /** @throws Missing when there are none; the message says where they are looked for */
    @Override
    public Credentials getCredentials() {
        if (file.isEmpty() && profile.isEmpty()) {
            Optional<Credentials> set = fromEnvironment(
                            "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN")
                    .or(() -> fromEnvironment(
                            "ALIBABA_CLOUD_ACCESS_KEY_ID",
                            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                            "ALIBABA_CLOUD_SECURITY_TOKEN"));
            if (set.isPresent()) {
                return set.get();
            }
        }
        Path from = file.orElseGet(this::usualFile);
        if (!Files.isReadable(from)) {
            throw file.isPresent()
                    ? new Missing("the credentials-file " + from + " cannot be used: it is not there, or user \""
                            + System.getProperty("user.name") + "\" may not read it")
                    : new Missing("no credentials were found. Set OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET, write"
                            + " access_key_id and access_key_secret to " + from + ", or name a file with the option"
                            + " credentials-file; for a public bucket set the option anonymous=true");
        }
        return fromFile(from);
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

    /** The message is for people. */
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Missing(String message) {
            super(message);
        }
    }
}
