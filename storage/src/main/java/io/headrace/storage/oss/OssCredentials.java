package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import io.headrace.storage.UnderStoreOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
     * @param profiles what profiles of files stand for
     */
    record Roles(
            Optional<RenewedCredentials> oidc, Optional<RenewedCredentials> instance, ProfileCredentials profiles) {

        /** @param metadata where the ECS instance's metadata service is */
        static Roles of(UnderStoreOptions options, Map<String, String> environment, URI metadata) {
            InstantSource clock = InstantSource.system();
            return new Roles(
                    OidcRole.of(environment, options).map(role -> new RenewedCredentials(role, clock)),
                    EcsRole.of(environment, metadata).map(role -> new RenewedCredentials(role, clock)),
                    new ProfileCredentials(new ProfileCredentials.Services(
                            environment,
                            metadata,
                            new CredentialsHttp(options.connectTimeout(), options.stallTimeout()),
                            clock)));
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
        Optional<Profile> profileOfFile = fromFiles();
        if (profileOfFile.isPresent()) {
            return roles.profiles.of(profileOfFile.get());
        }
        if (profile.isEmpty() && roles.instance.isPresent()) {
            return ofInstance(roles.instance.get());
        }
        throw nowhere("");
    }

    /** Empty when there is no file, of those that need not be there. */
    private Optional<Profile> fromFiles() {
        Optional<Path> named = file.or(() -> Optional.ofNullable(environment.get("ALIBABA_CLOUD_CREDENTIALS_FILE"))
                .map(Path::of));
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw new Missing("the credentials-file " + file.get() + " cannot be used: it is not there, or user \""
                    + System.getProperty("user.name") + "\" may not read it");
        }
        List<ProfileFile> files = named.map(List::of).orElseGet(this::usualFiles).stream()
                .filter(Files::isReadable)
                .map(ProfileFile::read)
                .filter(read -> named.isPresent() || !read.profiles().isEmpty())
                .toList();
        Optional<String> name = profile.or(() -> Optional.ofNullable(environment.get("ALIBABA_CLOUD_PROFILE")));
        for (ProfileFile candidate : files) {
            Optional<Profile> found = candidate.find(name);
            if (found.isPresent()) {
                return found;
            }
        }
        if (files.isEmpty()) {
            return Optional.empty();
        }
        throw new Missing("there is no profile [" + name.orElse(files.getFirst().usual()) + "] in "
                + files.stream().map(ProfileFile::toString).collect(Collectors.joining(", nor in "))
                + ". Name another one with the option profile, or write access_key_id and access_key_secret below"
                + " its name, and security_token for temporary ones");
    }

    private List<Path> usualFiles() {
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        Path cli = home.resolve(".aliyun/config.json");
        boolean leaveCli = environment
                .getOrDefault("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "")
                .equalsIgnoreCase("true");
        Path sections = home.resolve(".alibabacloud/credentials");
        return leaveCli ? List.of(sections) : List.of(sections, cli);
    }

    /** Off ECS, where nobody has named a role, the metadata service is only the last of the places that have nothing. */
    private Credentials ofInstance(RenewedCredentials instance) {
        try {
            return instance.getCredentials();
        } catch (Missing | Unanswered e) {
            if (instance.wereEverFound()
                    || environment.containsKey("ALIBABA_CLOUD_ECS_METADATA")
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            throw nowhere(" (nor has an ECS instance's role any: " + e.getMessage() + ")");
        }
    }

    private static Missing nowhere(String instance) {
        return new Missing("no credentials were found. Set OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET, write"
                + " access_key_id and access_key_secret to ~/.alibabacloud/credentials, or name a file with the option"
                + " credentials-file; for a public bucket set the option anonymous=true" + instance);
    }

    private Optional<Credentials> fromEnvironment(String id, String secret, String token) {
        String keyId = environment.getOrDefault(id, "");
        String keySecret = environment.getOrDefault(secret, "");
        String security = environment.getOrDefault(token, "");
        if (keyId.isEmpty() || keySecret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                security.isEmpty() ? new Credentials(keyId, keySecret) : new Credentials(keyId, keySecret, security));
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
