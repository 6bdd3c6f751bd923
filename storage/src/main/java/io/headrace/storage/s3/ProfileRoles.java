package io.headrace.storage.s3;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What a profile stands for, where that is a role: one that STS hands out (role_arn with source_profile or
 * credential_source), or the SSO portal. The SDK does the rest (keys, credential_process, web_identity_token_file):
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
final class ProfileRoles {
    private final ProfileFile file;
    private final AwsServices services;
    private final List<SdkAutoCloseable> held = new ArrayList<>();

    ProfileRoles(ProfileFile file, AwsServices services) {
        this.file = file;
        this.services = services;
    }

    /** Whether a service hands out what the profile stands for. */
    static boolean isRole(Profile profile) {
        return isAssumed(profile) || isSso(profile);
    }

    private static boolean isAssumed(Profile profile) {
        return has(profile, "role_arn") && (has(profile, "source_profile") || has(profile, "credential_source"));
    }

    private static boolean isSso(Profile profile) {
        return has(profile, "sso_session") || has(profile, "sso_account_id") || has(profile, "sso_start_url");
    }

    /** @throws OriginException.Refused when the profile lacks something; the message says what */
    S3Credentials of(Profile profile) throws OriginException {
        try {
            AwsCredentialsProvider provider = provider(profile, List.of());
            List<SdkAutoCloseable> all = List.copyOf(held).reversed();
            return new S3Credentials(provider, Optional.of(() -> all.forEach(SdkAutoCloseable::close)));
        } catch (OriginException | RuntimeException failure) {
            held.reversed().forEach(SdkAutoCloseable::close);
            throw failure;
        }
    }

    private AwsCredentialsProvider provider(Profile profile, List<String> above) throws OriginException {
        if (isAssumed(profile)) {
            return assumed(profile, above);
        }
        return isSso(profile) ? sso(profile) : ofSdk(profile);
    }

    private AwsCredentialsProvider ofSdk(Profile profile) {
        return new KnownCredentials(hold(ProfileCredentialsProvider.builder()
                .profileFile(file)
                .profileName(profile.name())
                .build()));
    }

    private AwsCredentialsProvider assumed(Profile profile, List<String> above) throws OriginException {
        if (has(profile, "mfa_serial")) {
            throw refused(
                    profile,
                    "asks for a second factor (mfa_serial), which nobody can type here. Name a profile with the"
                            + " credentials that aws sts get-session-token gives");
        }
        AwsCredentialsProvider source;
        String signedBy;
        if (has(profile, "source_profile")) {
            String name = required(profile, "source_profile");
            signedBy = "the source_profile \"" + name + "\"";
            source = source(profile, name, above);
        } else {
            String name = required(profile, "credential_source");
            signedBy = "the credential_source " + name;
            source = new KnownCredentials(elsewhere(profile, name));
        }
        Region region = profile.property("region").map(Region::of).orElse(services.region());
        return hold(AssumedRole.of(request(profile), signedBy, services.sts(region, source)));
    }

    private AwsCredentialsProvider source(Profile profile, String name, List<String> above) throws OriginException {
        if (name.equals(profile.name())) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    required(profile, "aws_access_key_id"), required(profile, "aws_secret_access_key")));
        }
        List<String> chain = new ArrayList<>(above);
        chain.add(profile.name());
        if (chain.contains(name)) {
            throw refused(
                    profile,
                    "leads back to itself by source_profile: " + String.join(", ", chain) + ", " + name
                            + ". Let one of them have keys of its own");
        }
        Profile source = file.profile(name)
                .orElseThrow(() -> refused(
                        profile,
                        "names the source_profile \"" + name + "\", which is not there. There are "
                                + String.join(", ", file.profiles().keySet())));
        return provider(source, chain);
    }

    private AwsCredentialsProvider elsewhere(Profile profile, String name) throws OriginException {
        return switch (name) {
            case "Environment" -> EnvironmentVariableCredentialsProvider.create();
            case "Ec2InstanceMetadata" -> hold(InstanceProfileCredentialsProvider.create());
            case "EcsContainer" -> hold(ContainerCredentialsProvider.create());
            default ->
                throw refused(
                        profile,
                        "has the credential_source " + name
                                + ", which is none of Environment, Ec2InstanceMetadata and EcsContainer");
        };
    }

    private static AssumeRoleRequest request(Profile profile) throws OriginException {
        AssumeRoleRequest.Builder request = AssumeRoleRequest.builder()
                .roleArn(required(profile, "role_arn"))
                .roleSessionName(profile.property("role_session_name").orElse("headrace"));
        profile.property("external_id").ifPresent(request::externalId);
        profile.property("duration_seconds")
                .filter(text -> text.matches("\\d{1,6}"))
                .ifPresent(text -> request.durationSeconds(Integer.valueOf(text)));
        return request.build();
    }

    private AwsCredentialsProvider sso(Profile profile) throws OriginException {
        Optional<String> session = profile.property("sso_session");
        Profile login = profile;
        if (session.isPresent()) {
            login = file.getSection("sso-session", session.get())
                    .orElseThrow(() -> refused(
                            profile,
                            "names the sso_session \"" + session.get() + "\", and there is no [sso-session "
                                    + session.get() + "]"));
        }
        Region region = Region.of(required(login, "sso_region"));
        String name = session.isPresent() ? session.get() : required(login, "sso_start_url");
        SsoToken.Place place = new SsoToken.Place(
                SsoLogin.file(S3Profiles.home(services.environment()), name),
                session.map(one -> "aws sso login --sso-session " + one)
                        .orElse("aws sso login --profile " + profile.name()));
        return hold(SsoRole.of(
                required(profile, "sso_account_id"),
                required(profile, "sso_role_name"),
                hold(new SsoToken(place, services.logins(region), InstantSource.system())),
                services.portal(region)));
    }

    private <C extends SdkAutoCloseable> C hold(C part) {
        held.add(part);
        return part;
    }

    private static boolean has(Profile profile, String property) {
        return profile.property(property).filter(text -> !text.isBlank()).isPresent();
    }

    private static String required(Profile profile, String property) throws OriginException {
        return profile.property(property)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> refused(profile, "has no " + property + ". Write it there, by: aws configure"));
    }

    private static OriginException refused(Profile profile, String why) {
        return new OriginException.Refused(Refusal.BAD_CREDENTIALS, "the profile \"" + profile.name() + "\" " + why);
    }
}
