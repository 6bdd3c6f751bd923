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
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amazon's Security Token Service, as far as AssumeRoleWithWebIdentity and AssumeRole go; each time it gives another
 * access key. Whose key signed is looked at, and not the signature, which is the SDK's.
 */
final class FakeAwsSts implements ScriptedServer.Answer {
    static final String ROLE_ARN = "arn:aws:iam::123456789012:role/headrace-reader";
    static final String SECRET = "a-roles-secret-key/0000000000000000";
    static final String SESSION_TOKEN = "a+roles/session=token";

    private static final Pattern SIGNER = Pattern.compile("Credential=([A-Z0-9]+)/");

    private final AtomicInteger given = new AtomicInteger();
    volatile String trustedToken;
    /** How long the credentials are good for. */
    volatile long seconds = 3600;

    /** Who may assume which role: its ARN, by the access key that signs. */
    final Map<String, String> trustedKeys = new ConcurrentHashMap<>();

    /** The parameters of each AssumeRole. */
    final Queue<Map<String, String>> assumed = new ConcurrentLinkedQueue<>();

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
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        trouble.orElseGet(() -> answer(authorization, form(body))).to(exchange);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String field : body.split("&", -1)) {
            String[] nameAndValue = field.split("=", 2);
            fields.put(nameAndValue[0], URLDecoder.decode(nameAndValue[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private ScriptedServer.Answer answer(String authorization, Map<String, String> form) {
        return "AssumeRole".equals(form.get("Action")) ? assume(authorization, form) : answer(form);
    }

    private ScriptedServer.Answer assume(String authorization, Map<String, String> form) {
        Matcher signer = SIGNER.matcher(authorization);
        String key = signer.find() ? signer.group(1) : "nobody";
        if (!String.valueOf(form.get("RoleArn")).equals(trustedKeys.get(key))) {
            return refusal(403, "AccessDenied", "User: " + key + " is not authorized to perform: sts:AssumeRole");
        }
        assumed.add(form);
        return credentials("AssumeRole");
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
        return credentials("AssumeRoleWithWebIdentity");
    }

    private ScriptedServer.Answer credentials(String action) {
        Instant end = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
        return reply(200, """
                <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <%1$sResult><Credentials>
                <AccessKeyId>%2$s</AccessKeyId><SecretAccessKey>%3$s</SecretAccessKey><SessionToken>%4$s</SessionToken>
                <Expiration>%5$s</Expiration></Credentials></%1$sResult>
                </%1$sResponse>""".formatted(action, accessKey(given.incrementAndGet()), SECRET, SESSION_TOKEN, end));
    }

    static ScriptedServer.Answer refusal(int status, String code, String message) {
        return reply(
                status,
                "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                        .formatted(code, message));
    }
}
