package io.headrace.storage.oss;

import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A RAM role that STS hands out for the token of an identity provider, as pods of ACK have it (RRSA):
 * https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 *
 * @param namedBy who names the token file, for messages
 */
record OidcRole(Sts sts, Claim claim, String namedBy) implements RoleSource {
    private static final String TOKEN_FILE = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
    private static final String ROLE_ARN = "ALIBABA_CLOUD_ROLE_ARN";
    private static final String PROVIDER_ARN = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
    private static final String SECONDS = "3600";

    /**
     * Who wants to be what.
     *
     * @param tokenFile read anew for each fetch, as it is replaced before the token in it ends
     */
    record Claim(String roleArn, String providerArn, Path tokenFile, String sessionName) {}

    /** Empty when no token file is named. One that lacks the rest says so when it is asked. */
    static Optional<RoleSource> of(Map<String, String> environment, UnderStoreOptions options) {
        String tokenFile = environment.getOrDefault(TOKEN_FILE, "");
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        String lacking = Stream.of(ROLE_ARN, PROVIDER_ARN)
                .filter(name -> environment.getOrDefault(name, "").isEmpty())
                .collect(Collectors.joining(" and "));
        if (!lacking.isEmpty()) {
            return Optional.of(() -> {
                throw new OssCredentials.Missing(TOKEN_FILE + " is set, and " + lacking
                        + " is not. Set it, too, or unset the first where this pod's service account has no RAM role");
            });
        }
        return Optional.of(new OidcRole(
                new Sts(
                        Sts.address(environment, Optional.empty()),
                        new CredentialsHttp(options.connectTimeout(), options.stallTimeout())),
                new Claim(
                        environment.getOrDefault(ROLE_ARN, ""),
                        environment.getOrDefault(PROVIDER_ARN, ""),
                        Path.of(tokenFile),
                        environment.getOrDefault("ALIBABA_CLOUD_ROLE_SESSION_NAME", "headrace")),
                TOKEN_FILE));
    }

    @Override
    public TemporaryCredentials fetch() {
        return sts.assume(
                request(token()),
                claim.roleArn,
                "the role is there and trusts the provider " + claim.providerArn
                        + " and this pod's service account, and that the token in " + claim.tokenFile
                        + " is not out of date");
    }

    private String token() {
        try {
            String token = Files.readString(claim.tokenFile).strip();
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new OssCredentials.Missing("the token file " + claim.tokenFile + ", which " + namedBy
                    + " names, cannot be read: it is not there, or user \"" + System.getProperty("user.name")
                    + "\" may not read it. Check that the pod mounts it");
        }
        throw new OssCredentials.Missing(
                "the token file " + claim.tokenFile + ", which " + namedBy + " names, is empty. Check what writes it");
    }

    private HttpRequest request(String token) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "AssumeRoleWithOIDC");
        form.put("Version", Sts.VERSION);
        form.put("Format", "JSON");
        form.put("Timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        form.put("SignatureNonce", UUID.randomUUID().toString());
        form.put("RoleArn", claim.roleArn);
        form.put("OIDCProviderArn", claim.providerArn);
        form.put("OIDCToken", token);
        form.put("RoleSessionName", claim.sessionName);
        form.put("DurationSeconds", SECONDS);
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(sts.address().resolve("/"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .build();
    }
}
