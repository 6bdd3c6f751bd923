package io.headrace.storage.oss;

import static io.headrace.testing.web.ScriptedServer.reply;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.testing.oss.AcsQuestion;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Alibaba Cloud's Security Token Service, as far as AssumeRoleWithOIDC and AssumeRole go; it trusts one token of one
 * provider, and the owners of some access keys, whose signatures it checks.
 */
final class FakeSts implements ScriptedServer.Answer {
    static final String ROLE_ARN = "acs:ram::1234567890123456:role/headrace-reader";
    static final String PROVIDER_ARN = "acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0ffee";

    /** Who may assume a role, and whose credentials it has then. */
    record Grant(OssIdentity trusted, OssIdentity role) {}

    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private final OssIdentity identity;
    /** By the role's ARN. */
    final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /** The parameters of each AssumeRole. */
    final Queue<Map<String, String>> assumed = new ConcurrentLinkedQueue<>();

    /** What is added to this service's clock. */
    volatile Duration skew = Duration.ZERO;

    volatile String trustedToken;
    volatile Optional<ScriptedServer.Answer> trouble = Optional.empty();

    FakeSts(OssIdentity identity, String trustedToken) {
        this.identity = identity;
        this.trustedToken = trustedToken;
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        trouble.orElseGet(() -> answer(question(exchange, body))).to(exchange);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String field : body.split("&", -1)) {
            String[] nameAndValue = field.split("=", 2);
            fields.put(nameAndValue[0], URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static AcsQuestion question(HttpExchange exchange, String body) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return new AcsQuestion(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
    }

    private ScriptedServer.Answer answer(AcsQuestion question) {
        return question.header("x-acs-action").isPresent() ? assume(question) : assumeByToken(question);
    }

    private ScriptedServer.Answer assume(AcsQuestion question) {
        boolean wellFormed = question.method().equals("POST")
                && question.header("x-acs-action").equals(Optional.of("AssumeRole"))
                && question.header("x-acs-version").equals(Optional.of("2015-04-01"))
                && question.header("x-acs-signature-nonce").isPresent()
                && question.parameters().containsKey("RoleSessionName");
        if (!wellFormed) {
            return refusal(400, "MissingParameter");
        }
        Instant at = Instant.parse(question.header("x-acs-date").orElse(""));
        if (Duration.between(at, Instant.now().plus(skew)).abs().compareTo(MOST_SKEW) > 0) {
            return refusal(400, "InvalidTimeStamp.Expired");
        }
        Grant grant = grants.get(question.parameters().getOrDefault("RoleArn", ""));
        if (grant == null) {
            return refusal(404, "EntityNotExist.Role");
        }
        if (!question.accessKeyId().equals(Optional.of(grant.trusted.accessKeyId()))) {
            return refusal(404, "InvalidAccessKeyId.NotFound");
        }
        if (!question.isSignedWith(grant.trusted.accessKeySecret())) {
            return refusal(400, "SignatureDoesNotMatch", question.toString());
        }
        if (!question.header("x-acs-security-token").equals(grant.trusted.token())) {
            return refusal(400, "InvalidSecurityToken.MismatchWithAccessKey");
        }
        assumed.add(question.parameters());
        return credentials(grant.role);
    }

    private ScriptedServer.Answer assumeByToken(AcsQuestion question) {
        Map<String, String> form = form(question.body());
        boolean wellFormed = question.method().equals("POST")
                && "AssumeRoleWithOIDC".equals(form.get("Action"))
                && "2015-04-01".equals(form.get("Version"))
                && "JSON".equals(form.get("Format"))
                && form.containsKey("Timestamp")
                && form.containsKey("SignatureNonce")
                && form.containsKey("RoleSessionName");
        if (!wellFormed) {
            return refusal(400, "MissingParameter");
        }
        if (!ROLE_ARN.equals(form.get("RoleArn"))) {
            return refusal(404, "EntityNotExist.Role");
        }
        if (!PROVIDER_ARN.equals(form.get("OIDCProviderArn"))) {
            return refusal(400, "AuthenticationFail.NoPermission");
        }
        if (!trustedToken.equals(form.get("OIDCToken"))) {
            // The service repeats what it was sent.
            return refusal(400, "AuthenticationFail.OIDCToken.Invalid", String.valueOf(form.get("OIDCToken")));
        }
        return credentials(identity);
    }

    private static ScriptedServer.Answer credentials(OssIdentity identity) {
        return reply(200, """
                {"RequestId": "3D57EAD2", "AssumedRoleUser": {"Arn": "%s/headrace"}, "Credentials": {
                 "AccessKeyId": "%s", "AccessKeySecret": "%s", "SecurityToken": "%s", "Expiration": "%s"}}""".formatted(
                        ROLE_ARN,
                        identity.accessKeyId(),
                        identity.accessKeySecret(),
                        identity.token().orElseThrow(),
                        identity.expires().orElseThrow()));
    }

    private static ScriptedServer.Answer refusal(int status, String code) {
        return refusal(status, code, "no");
    }

    private static ScriptedServer.Answer refusal(int status, String code, String message) {
        return reply(
                status,
                "{\"RequestId\": \"3D57EAD2\", \"Code\": \"%s\", \"Message\": \"%s\"}".formatted(code, message));
    }
}
