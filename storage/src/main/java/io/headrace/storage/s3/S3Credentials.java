package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.UnderStoreOptions;
import java.nio.file.Files;
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
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where one store's credentials come from: the places of the SDK's default chain in its order, but that a role for a web
 * identity token, where one is named, is used or told why not, and never passed over for the node's own role.
 */
record S3Credentials(AwsCredentialsProvider provider, Optional<SdkAutoCloseable> held) implements AutoCloseable {
    static S3Credentials of(UnderStoreOptions options, Region region, Map<String, String> environment)
            throws OriginException {
        if (options.anonymous()) {
            return new S3Credentials(AnonymousCredentialsProvider.create(), Optional.empty());
        }
        if (options.credentialsFile().isPresent() || options.profile().isPresent()) {
            return holding(profile(options));
        }
        Optional<Path> tokenFile = WebIdentity.tokenFile(environment);
        if (tokenFile.isPresent() && !environment.containsKey("AWS_ACCESS_KEY_ID")) {
            return WebIdentity.credentials(tokenFile.get(), options, region, environment);
        }
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

    private static ProfileCredentialsProvider profile(UnderStoreOptions options) throws OriginException {
        ProfileCredentialsProvider.Builder builder = ProfileCredentialsProvider.builder();
        options.profile().ifPresent(builder::profileName);
        if (options.credentialsFile().isPresent()) {
            Path file = options.credentialsFile().get();
            if (!Files.isReadable(file)) {
                throw badFile(
                        file, "it is not there, or user \"" + System.getProperty("user.name") + "\" may not read it");
            }
            try {
                builder.profileFile(ProfileFile.builder()
                        .type(ProfileFile.Type.CREDENTIALS)
                        .content(file)
                        .build());
            } catch (IllegalArgumentException | SdkClientException e) {
                throw badFile(file, "it is not in the form of ~/.aws/credentials, which begins with a line [default]");
            }
        }
        return builder.build();
    }

    private static OriginException badFile(Path file, String why) {
        return new OriginException.Refused(
                Refusal.BAD_CREDENTIALS, "the credentials-file " + file + " cannot be used: " + why);
    }

    @Override
    public void close() {
        held.ifPresent(SdkAutoCloseable::close);
    }
}
