package io.headrace.storage.oss;

import static io.headrace.testing.web.ScriptedServer.reply;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Alibaba Cloud's Security Token Service, as far as AssumeRoleWithOIDC goes; it trusts one token of one provider. */
final class FakeSts implements ScriptedServer.Answer {
    static final String ROLE_ARN = "acs:ram::1234567890123456:role/headrace-reader";
    static final String PROVIDER_ARN = "acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0ffee";

    private final OssIdentity identity;
    volatile String trustedToken;
    volatile Optional<ScriptedServer.Answer> trouble = Optional.empty();

    FakeSts(OssIdentity identity, String trustedToken) {
        this.identity = identity;
        this.trustedToken = trustedToken;
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        trouble.orElseGet(() -> answer(exchange.getRequestMethod(), form(body))).to(exchange);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String field : body.split("&", -1)) {
            String[] nameAndValue = field.split("=", 2);
            fields.put(nameAndValue[0], URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private ScriptedServer.Answer answer(String method, Map<String, String> form) {
        boolean wellFormed = method.equals("POST")
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
