package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Instant;

/** A role's credentials, and when they end. */
record TemporaryCredentials(Credentials credentials, Instant expires) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the fields that the metadata service and STS have in common.
     *
     * @param from whose answer it is, for messages
     */
    static TemporaryCredentials of(JsonNode answer, String from) {
        String id = answer.path("AccessKeyId").asText();
        String secret = answer.path("AccessKeySecret").asText();
        String token = answer.path("SecurityToken").asText();
        if (id.isEmpty() || secret.isEmpty() || token.isEmpty()) {
            throw new OssCredentials.Unanswered(
                    from + " answered without credentials. Check that it is the right server");
        }
        try {
            return new TemporaryCredentials(
                    new Credentials(id, secret, token),
                    Instant.parse(answer.path("Expiration").asText()));
        } catch (DateTimeException e) {
            throw new OssCredentials.Unanswered(from
                    + " answered with credentials that do not say when they end. Check that it is the right server");
        }
    }

    /** An answer's fields; none when it is no JSON. What was parsed may be secret, so no failure repeats it. */
    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public String toString() {
        return "credentials until " + expires;
    }
}
