package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStoreOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where one store's credentials come from: the places of the SDK's default chain in its order, but that a role for a web
 * identity token, or one that the profile names, is used or told why not, and never passed over for the node's own role.
 */
record S3Credentials(AwsCredentialsProvider provider, Optional<SdkAutoCloseable> held) implements AutoCloseable {
    static S3Credentials of(UnderStoreOptions options, Region region, Map<String, String> environment)
            throws OriginException {
        if (options.anonymous()) {
            return new S3Credentials(AnonymousCredentialsProvider.create(), Optional.empty());
        }
        AwsServices services = new AwsServices(options, region, environment);
        boolean named =
                options.credentialsFile().isPresent() || options.profile().isPresent();
        boolean keysAreSet = !environment.getOrDefault("AWS_ACCESS_KEY_ID", "").isEmpty();
        Optional<Path> tokenFile = WebIdentity.tokenFile(environment);
        if (!named && !keysAreSet && tokenFile.isPresent()) {
            return WebIdentity.credentials(tokenFile.get(), services);
        }
        if (!named && keysAreSet) {
            return usualChain();
        }
        S3Profiles profiles = S3Profiles.of(options, environment);
        Optional<Profile> profile = profiles.profile();
        if (profile.isPresent() && ProfileRoles.isRole(profile.get())) {
            return new ProfileRoles(profiles.file(), services).of(profile.get());
        }
        if (!named) {
            return usualChain();
        }
        if (profile.isEmpty()) {
            throw profiles.unknown();
        }
        ProfileCredentialsProvider.Builder keys =
                ProfileCredentialsProvider.builder().profileName(profiles.name());
        if (options.credentialsFile().isPresent()) {
            keys.profileFile(profiles.file());
        }
        return holding(keys.build());
    }

    private static S3Credentials usualChain() {
        return holding(AwsCredentialsProviderChain.builder()
                .addCredentialsProvider(EnvironmentVariableCredentialsProvider.create())
                .addCredentialsProvider(ProfileCredentialsProvider.create())
                .addCredentialsProvider(ContainerCredentialsProvider.create())
                .addCredentialsProvider(InstanceProfileCredentialsProvider.create())
                .build());
    }

    private static <P extends AwsCredentialsProvider & SdkAutoCloseable> S3Credentials holding(P provider) {
        return new S3Credentials(new KnownCredentials(provider), Optional.of(provider));
    }

    @Override
    public void close() {
        held.ifPresent(SdkAutoCloseable::close);
    }
}
