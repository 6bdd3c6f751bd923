package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The profiles that a store may use: those of the file that is named, else the user's.
 *
 * @param places where they are, in words
 * @param name of the one to use
 */
record S3Profiles(ProfileFile file, String places, String name) {
    static S3Profiles of(UnderStoreOptions options, Map<String, String> environment) throws OriginException {
        String name = options.profile()
                .or(() -> Optional.ofNullable(environment.get("AWS_PROFILE")).filter(text -> !text.isBlank()))
                .orElse("default");
        if (options.credentialsFile().isPresent()) {
            Path file = options.credentialsFile().get();
            if (!Files.isReadable(file)) {
                throw badFile(
                        file, "it is not there, or user \"" + System.getProperty("user.name") + "\" may not read it");
            }
            return new S3Profiles(parse(file), file.toString(), name);
        }
        Path home = home(environment);
        Path credentials = named(environment, "AWS_SHARED_CREDENTIALS_FILE", home.resolve(".aws/credentials"));
        Path config = named(environment, "AWS_CONFIG_FILE", home.resolve(".aws/config"));
        ProfileFile.Aggregator files = ProfileFile.aggregator();
        add(files, credentials, ProfileFile.Type.CREDENTIALS);
        add(files, config, ProfileFile.Type.CONFIGURATION);
        return new S3Profiles(files.build(), credentials + " and " + config, name);
    }

    /** As the AWS tools find it. */
    static Path home(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    }

    private static Path named(Map<String, String> environment, String variable, Path usual) {
        return Optional.ofNullable(environment.get(variable))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .orElse(usual);
    }

    /** In either form: {@code [models]} as in ~/.aws/credentials, {@code [profile models]} as in ~/.aws/config. */
    private static ProfileFile parse(Path file) throws OriginException {
        ProfileFile.Aggregator both = ProfileFile.aggregator();
        add(both, file, ProfileFile.Type.CREDENTIALS);
        add(both, file, ProfileFile.Type.CONFIGURATION);
        return both.build();
    }

    private static void add(ProfileFile.Aggregator files, Path file, ProfileFile.Type type) throws OriginException {
        if (!Files.isReadable(file)) {
            return;
        }
        try {
            files.addFile(ProfileFile.builder().content(file).type(type).build());
        } catch (IllegalArgumentException | SdkClientException e) {
            throw badFile(file, "it is not in the form of ~/.aws/credentials, which begins with a line [default]");
        }
    }

    private static OriginException badFile(Path file, String why) {
        return new OriginException.Refused(
                Refusal.BAD_CREDENTIALS, "the credentials-file " + file + " cannot be used: " + why);
    }

    Optional<Profile> profile() {
        return file.profile(name);
    }

    OriginException unknown() {
        return new OriginException.Refused(
                Refusal.BAD_CREDENTIALS,
                "there is no profile \"" + name + "\" in " + places + " (which have "
                        + (file.profiles().isEmpty()
                                ? "none"
                                : String.join(", ", file.profiles().keySet()))
                        + "). Name another one with the option profile, or add it");
    }

    @Override
    public String toString() {
        return "the profile \"" + name + "\" in " + places;
    }
}
