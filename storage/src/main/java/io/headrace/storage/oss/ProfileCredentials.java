package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a profile's mode makes of it: its own key, or a role that is asked for once and renewed as long as the profile
 * stays as it is. Modes: https://www.alibabacloud.com/help/en/cli/configure-credentials
 */
final class ProfileCredentials {
    private static final String MODES =
            "AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, RamRoleArnWithRoleName and OIDC";
    /** STS takes 900 and more, and for most roles no more than an hour. */
    private static final int LEAST_SECONDS = 900;

    private static final String MOST_SECONDS = "3600";

    /** @param metadata where the ECS instance's metadata service is */
    record Services(Map<String, String> environment, URI metadata, CredentialsHttp http, InstantSource clock) {}

    private record Known(Profile profile, RenewedCredentials credentials) {}

    private final Services services;
    private volatile Optional<Known> latest = Optional.empty();

    ProfileCredentials(Services services) {
        this.services = services;
    }

    /**
     * @throws OssCredentials.Missing when somebody must change something first; the message names the profile
     * @throws OssCredentials.Unanswered when it may succeed later
     */
    Credentials of(Profile profile) {
        Optional<Credentials> own = ownKey(profile);
        if (own.isPresent()) {
            return own.get();
        }
        Optional<Known> known = latest.filter(one -> one.profile.equals(profile));
        if (known.isEmpty()) {
            known = remember(profile);
        }
        return known.orElseThrow().credentials.getCredentials();
    }

    /** Once for all callers, so that they share one answer. */
    private synchronized Optional<Known> remember(Profile profile) {
        if (latest.filter(one -> one.profile.equals(profile)).isEmpty()) {
            RoleSource role = role(profile, List.of());
            latest = Optional.of(new Known(profile, new RenewedCredentials(role, services.clock)));
        }
        return latest;
    }

    private static Optional<Credentials> ownKey(Profile profile) {
        return switch (profile.mode()) {
            case "AK" ->
                Optional.of(new Credentials(profile.required("access_key_id"), profile.required("access_key_secret")));
            case "StsToken" ->
                Optional.of(new Credentials(
                        profile.required("access_key_id"),
                        profile.required("access_key_secret"),
                        profile.required("sts_token")));
            default -> Optional.empty();
        };
    }

    private RoleSource role(Profile profile, List<String> above) {
        return switch (profile.mode()) {
            case "RamRoleArn" -> assumed(profile, "the access key of " + profile, () -> signingKey(profile));
            case "ChainableRamRoleArn" ->
                assumed(
                        profile,
                        "the profile \"" + profile.required("source_profile") + "\"",
                        () -> ofSource(profile, above));
            case "EcsRamRole" -> instance(profile);
            // The CLI's own name for it, and the one that its documentation has.
            case "RamRoleArnWithRoleName", "RamRoleArnWithEcs" -> {
                RoleSource instance = instance(profile);
                yield assumed(
                        profile, "the instance's role", () -> instance.fetch().credentials());
            }
            case "OIDC" -> oidc(profile);
            default ->
                throw new OssCredentials.Missing(profile + " has the mode " + profile.mode()
                        + ", which is not supported. Supported are " + MODES
                        + ". Name a profile of one of these with the option profile");
        };
    }

    private static Credentials signingKey(Profile profile) {
        String id = profile.required("access_key_id");
        String secret = profile.required("access_key_secret");
        return profile.field("sts_token")
                .map(token -> new Credentials(id, secret, token))
                .orElseGet(() -> new Credentials(id, secret));
    }

    /** The source is looked up anew each time, as its key may be another by then. */
    private Credentials ofSource(Profile profile, List<String> above) {
        String name = profile.required("source_profile");
        List<String> chain = new ArrayList<>(above);
        chain.add(profile.name());
        if (chain.contains(name)) {
            throw new OssCredentials.Missing(profile + " leads back to itself by source_profile: "
                    + String.join(", ", chain) + ", " + name + ". Let one of them have a key of its own");
        }
        ProfileFile file = ProfileFile.read(profile.file());
        Profile source = file.find(Optional.of(name))
                .orElseThrow(() -> new OssCredentials.Missing(profile + " names the source_profile \"" + name
                        + "\", which is not in " + file + ". Correct the name, or add the profile"));
        return ownKey(source).orElseGet(() -> role(source, chain).fetch().credentials());
    }

    private AssumedRole assumed(Profile profile, String signedBy, Supplier<Credentials> signer) {
        Map<String, String> more = new HashMap<>();
        more.put("RoleSessionName", profile.field("ram_session_name").orElse("headrace"));
        more.put("DurationSeconds", seconds(profile));
        profile.field("policy").ifPresent(policy -> more.put("Policy", policy));
        profile.field("external_id").ifPresent(id -> more.put("ExternalId", id));
        return new AssumedRole(
                sts(profile),
                new AssumedRole.Claim(profile.required("ram_role_arn"), more, signedBy),
                signer,
                services.clock);
    }

    private static String seconds(Profile profile) {
        return profile.field("expired_seconds")
                .filter(text -> text.matches("\\d{1,6}") && Integer.parseInt(text) >= LEAST_SECONDS)
                .orElse(MOST_SECONDS);
    }

    private Sts sts(Profile profile) {
        return new Sts(Sts.address(services.environment, profile.field("sts_region")), services.http);
    }

    private RoleSource instance(Profile profile) {
        return EcsRole.of(services.environment, services.metadata)
                .map(role -> role.named(profile.field("ram_role_name")))
                .orElseThrow(() -> new OssCredentials.Missing(profile
                        + " names an ECS instance's role, and ALIBABA_CLOUD_ECS_METADATA_DISABLED forbids to ask for it."
                        + " Unset the variable, or name another profile"));
    }

    private RoleSource oidc(Profile profile) {
        return new OidcRole(
                sts(profile),
                new OidcRole.Claim(
                        profile.required("ram_role_arn"),
                        profile.required("oidc_provider_arn"),
                        Path.of(profile.required("oidc_token_file")),
                        profile.field("ram_session_name").orElse("headrace")),
                profile.toString());
    }
}
