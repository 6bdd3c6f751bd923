package io.headrace.storage.oss;

import static io.headrace.testing.web.ScriptedServer.reply;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.util.Optional;

/** The metadata service of an ECS instance, as its documentation has it. */
final class FakeMetadataService implements ScriptedServer.Answer {
    static final String ROLE = "headrace-reader";

    private static final String TOKEN = "hardened-mode-token";
    private static final String ROLES = "/latest/meta-data/ram/security-credentials/";

    enum Mode {
        /** Knows hardened-mode tokens, and serves without one, too. */
        NORMAL,
        /** Serves only who has a token. */
        HARDENED,
        /** Knows no tokens. */
        OLD,
        /** Answers everything with status 500. */
        BROKEN
    }

    volatile Mode mode = Mode.NORMAL;
    /** Whose credentials the role's are; empty for an instance without a role. */
    volatile Optional<OssIdentity> identity;

    volatile String code = "Success";

    FakeMetadataService(OssIdentity identity) {
        this.identity = Optional.of(identity);
    }

    @Override
    public void to(HttpExchange exchange) throws IOException {
        answer(exchange).to(exchange);
    }

    private ScriptedServer.Answer answer(HttpExchange exchange) {
        String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String token = exchange.getRequestHeaders().getFirst("X-aliyun-ecs-metadata-token");
        boolean timed = exchange.getRequestHeaders().containsKey("X-aliyun-ecs-metadata-token-ttl-seconds");
        if (mode == Mode.BROKEN) {
            return reply(500, "");
        }
        if (asked.equals("PUT /latest/api/token")) {
            return mode == Mode.OLD || !timed ? reply(404, "") : reply(200, TOKEN);
        }
        if (mode == Mode.HARDENED && !TOKEN.equals(token)) {
            return reply(403, "");
        }
        if (asked.equals("GET " + ROLES) && identity.isPresent()) {
            return reply(200, ROLE);
        }
        if (asked.equals("GET " + ROLES + ROLE) && identity.isPresent()) {
            return reply(200, credentials(identity.get(), code));
        }
        return reply(404, "<html>not found</html>");
    }

    private static String credentials(OssIdentity of, String code) {
        return """
                {"Code": "%s", "LastUpdated": "2026-01-01T00:00:00Z", "Expiration": "%s",
                 "AccessKeyId": "%s", "AccessKeySecret": "%s", "SecurityToken": "%s"}""".formatted(
                        code,
                        of.expires().orElseThrow(),
                        of.accessKeyId(),
                        of.accessKeySecret(),
                        of.token().orElseThrow());
    }
}
