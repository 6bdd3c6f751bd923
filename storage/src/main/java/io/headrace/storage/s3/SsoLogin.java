package io.headrace.storage.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code aws sso login} has left in {@code ~/.aws/sso/cache}. All of it is secret but the times:
 * https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
 */
record SsoLogin(ObjectNode fields, Instant expires) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param name of the session; the start URL where a profile has no session */
    static Path file(Path home, String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
            return home.resolve(".aws/sso/cache").resolve(HexFormat.of().formatHex(digest) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Empty when there is none that makes sense. What was read is secret, so no failure is told. */
    static Optional<SsoLogin> read(Path file) {
        try {
            JsonNode read = JSON.readTree(Files.readString(file));
            return read instanceof ObjectNode fields
                            && fields.path("accessToken").isTextual()
                    ? Optional.of(new SsoLogin(fields, time(fields, "expiresAt")))
                    : Optional.empty();
        } catch (IOException | DateTimeException unusable) {
            return Optional.empty();
        }
    }

    /** Older tools write {@code 2020-06-17T10:02:08UTC}. */
    private static Instant time(ObjectNode fields, String name) {
        return Instant.parse(fields.path(name).asText().replace("UTC", "Z"));
    }

    String text(String field) {
        return fields.path(field).asText();
    }

    /** Whether a new token can be had without a person. */
    boolean isRenewable(Instant now) {
        boolean whole = Stream.of("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")
                .noneMatch(field -> text(field).isEmpty());
        try {
            return whole && now.isBefore(time(fields, "registrationExpiresAt"));
        } catch (DateTimeException unusable) {
            return false;
        }
    }

    /** The same login with the next token. */
    SsoLogin with(String accessToken, Instant end, Optional<String> refreshToken) {
        ObjectNode next = fields.deepCopy();
        next.put("accessToken", accessToken);
        next.put("expiresAt", end.toString());
        refreshToken.ifPresent(token -> next.put("refreshToken", token));
        return new SsoLogin(next, end);
    }

    /** Puts it in the place of the one that is there; only the owner may read it, as a temporary file is made. */
    void write(Path file) throws IOException {
        Path next = Files.createTempFile(file.getParent(), "token-", ".tmp");
        try {
            Files.write(next, JSON.writeValueAsBytes(fields));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    @Override
    public String toString() {
        return "a login until " + expires;
    }
}
