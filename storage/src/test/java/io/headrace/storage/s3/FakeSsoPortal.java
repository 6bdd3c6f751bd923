package io.headrace.storage.s3;

import static io.headrace.testing.web.ScriptedServer.reply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Amazon's IAM Identity Center, as far as handing out a role's credentials (the portal) and renewing a login (OIDC) go;
 * both in one, as their paths differ.
 */
final class FakeSsoPortal implements ScriptedServer.Answer {
    static final String ACCOUNT = "123456789012";
    static final String ROLE = "reader";
    static final String ACCESS_KEY = "ASIASSOPORTAL00001";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The access token that is good now. */
    volatile String token;
    /** What renews it, once: it is another afterwards. */
    volatile String refreshToken = "refresh-1";

    volatile Optional<ScriptedServer.Answer> trouble = Optional.empty();

    FakeSsoPortal(String token) {
        this.token = token;
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        ScriptedServer.Answer answer;
        if (trouble.isPresent()) {
            answer = trouble.get();
        } else if (path.equals("/token")) {
            answer = renew(JSON.readTree(body));
        } else {
            answer = role(
                    exchange.getRequestURI().toString(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token")));
        }
        answer.to(exchange);
    }

    private ScriptedServer.Answer role(String target, String bearer) {
        if (!bearer.equals(token)) {
            // The service may repeat what it was sent.
            return refusal(401, "UnauthorizedException", "no session for " + bearer);
        }
        if (!target.contains("role_name=" + ROLE) || !target.contains("account_id=" + ACCOUNT)) {
            return refusal(403, "ForbiddenException", "No access");
        }
        return reply(200, """
                {"roleCredentials": {"accessKeyId": "%s", "secretAccessKey": "%s", "sessionToken": "%s",
                 "expiration": %d}}""".formatted(
                        ACCESS_KEY,
                        FakeAwsSts.SECRET,
                        FakeAwsSts.SESSION_TOKEN,
                        Instant.now().plusSeconds(3600).toEpochMilli()));
    }

    private synchronized ScriptedServer.Answer renew(JsonNode ask) {
        boolean good = ask.path("grantType").asText().equals("refresh_token")
                && ask.path("clientId").asText().equals("client")
                && ask.path("clientSecret").asText().equals("client-secret")
                && ask.path("refreshToken").asText().equals(refreshToken);
        if (!good) {
            return refusal(400, "InvalidGrantException", ask.toString());
        }
        String next = "renewed-" + token;
        String nextRefresh = "next-" + refreshToken;
        token = next;
        refreshToken = nextRefresh;
        return reply(200, """
                {"accessToken": "%s", "tokenType": "Bearer", "expiresIn": 3600, "refreshToken": "%s"}""".formatted(next, nextRefresh));
    }

    static ScriptedServer.Answer refusal(int status, String code, String message) {
        return exchange -> reply(
                        status,
                        JSON.writeValueAsString(JSON.createObjectNode().put("message", message)),
                        "x-amzn-ErrorType",
                        code)
                .to(exchange);
    }
}
