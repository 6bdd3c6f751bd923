package io.headrace.storage.s3;

import static io.headrace.testing.web.ScriptedServer.reply;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Amazon's Security Token Service, as far as AssumeRoleWithWebIdentity goes; each time it gives another access key. */
final class FakeAwsSts implements ScriptedServer.Answer {
    static final String ROLE_ARN = "arn:aws:iam::123456789012:role/headrace-reader";
    static final String SECRET = "a-roles-secret-key/0000000000000000";
    static final String SESSION_TOKEN = "a+roles/session=token";

    private final AtomicInteger given = new AtomicInteger();
    volatile String trustedToken;
    /** How long the credentials are good for. */
    volatile long seconds = 3600;

    volatile Optional<ScriptedServer.Answer> trouble = Optional.empty();

    FakeAwsSts(String trustedToken) {
        this.trustedToken = trustedToken;
    }

    /** The access key of the fetch of this number, from 1. */
    static String accessKey(int fetch) {
        return "ASIAHEADRACE%08d".formatted(fetch);
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        trouble.orElseGet(() -> answer(form(body))).to(exchange);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String field : body.split("&", -1)) {
            String[] nameAndValue = field.split("=", 2);
            fields.put(nameAndValue[0], URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private ScriptedServer.Answer answer(Map<String, String> form) {
        if (!"AssumeRoleWithWebIdentity".equals(form.get("Action")) || !form.containsKey("RoleSessionName")) {
            return refusal(400, "InvalidAction", "no");
        }
        if (!ROLE_ARN.equals(form.get("RoleArn"))) {
            return refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
        }
        if (!trustedToken.equals(form.get("WebIdentityToken"))) {
            return refusal(400, "InvalidIdentityToken", "no good token: " + form.get("WebIdentityToken"));
        }
        Instant end = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
        return reply(200, """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>
                <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>""".formatted(accessKey(given.incrementAndGet()), SECRET, SESSION_TOKEN, end));
    }

    static ScriptedServer.Answer refusal(int status, String code, String message) {
        return reply(
                status,
                "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                        .formatted(code, message));
    }
}
