package io.headrace.storage.oss;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The RAM role of the ECS instance that this process runs on, as the metadata service tells it; in the hardened mode
 * where there is one:
 * https://www.alibabacloud.com/help/en/ecs/user-guide/attach-an-instance-ram-role-to-an-ecs-instance
 *
 * @param name empty: the service is asked for it
 * @param hardenedOnly whether a service without the hardened mode is left alone
 */
record EcsRole(URI metadata, Optional<String> name, boolean hardenedOnly) implements RoleSource {
    static final URI METADATA = URI.create("http://100.100.100.200");

    private static final String ROLES = "/latest/meta-data/ram/security-credentials/";
    private static final Pattern ROLE = Pattern.compile("[\\w.@-]{1,64}");
    private static final int NOT_FOUND = 404;
    /** Of a hardened-mode token, which serves for one fetch. */
    private static final String TOKEN_SECONDS = "60";
    /** The service is on the host: what is not there within a second is not there. */
    private static final CredentialsHttp HTTP = new CredentialsHttp(Duration.ofSeconds(1), Duration.ofSeconds(4));

    /** Empty when the environment says that the service is not to be asked. */
    static Optional<EcsRole> of(Map<String, String> environment, URI metadata) {
        if (isTrue(environment, "ALIBABA_CLOUD_ECS_METADATA_DISABLED")) {
            return Optional.empty();
        }
        return Optional.of(new EcsRole(
                metadata,
                Optional.ofNullable(environment.get("ALIBABA_CLOUD_ECS_METADATA"))
                        .filter(role -> !role.isBlank()),
                isTrue(environment, "ALIBABA_CLOUD_IMDSV1_DISABLED")));
    }

    /** The same with another role, where there is one to name. */
    EcsRole named(Optional<String> role) {
        return new EcsRole(metadata, role.or(() -> name), hardenedOnly);
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.equalsIgnoreCase("true") || value.equals("1");
    }

    @Override
    public TemporaryCredentials fetch() {
        Optional<String> token = token();
        String role = name.isPresent() ? name.get() : roleName(token);
        CredentialsHttp.Answer answer = get(ROLES + role, token);
        if (answer.status() == NOT_FOUND) {
            throw new OssCredentials.Missing("this instance has no RAM role \"" + role
                    + "\". Attach the role to it, or name the one that is in ALIBABA_CLOUD_ECS_METADATA");
        }
        JsonNode fields = checked(answer);
        if (!fields.path("Code").asText().equals("Success")) {
            throw new OssCredentials.Unanswered(server() + " has no credentials of the RAM role \"" + role
                    + "\" now. It is asked again; if this" + " lasts, look at the role and its trust policy");
        }
        return TemporaryCredentials.of(fields, server());
    }

    private Optional<String> token() {
        HttpRequest request = HttpRequest.newBuilder(metadata.resolve("/latest/api/token"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .header("X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_SECONDS)
                .build();
        CredentialsHttp.Answer answer = HTTP.ask(request, server());
        if (!answer.isOk() && hardenedOnly) {
            throw new OssCredentials.Missing(server() + " has no hardened mode (" + answer
                    + "), and ALIBABA_CLOUD_IMDSV1_DISABLED forbids the other. Turn the hardened mode on for this"
                    + " instance, or unset the variable");
        }
        return answer.isOk() ? Optional.of(answer.text().strip()) : Optional.empty();
    }

    private String roleName(Optional<String> token) {
        CredentialsHttp.Answer answer = get(ROLES, token);
        String role = answer.isOk() ? answer.text().strip() : "";
        if (answer.isTrouble()) {
            checked(answer);
        }
        if (!ROLE.matcher(role).matches()) {
            throw new OssCredentials.Missing("this instance has no RAM role (" + answer + "). Attach one to it");
        }
        return role;
    }

    private CredentialsHttp.Answer get(String path, Optional<String> token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(metadata.resolve(path));
        token.ifPresent(value -> request.header("X-aliyun-ecs-metadata-token", value));
        return HTTP.ask(request.build(), server());
    }

    private JsonNode checked(CredentialsHttp.Answer answer) {
        if (!answer.isOk()) {
            throw new OssCredentials.Unanswered(server() + " is in trouble (" + answer
                    + "). It is asked again; if this lasts, look at the instance");
        }
        return TemporaryCredentials.parse(answer.text());
    }

    private String server() {
        return "the instance's metadata service " + metadata.getAuthority();
    }
}
