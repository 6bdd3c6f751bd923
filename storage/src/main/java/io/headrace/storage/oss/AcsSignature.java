package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import io.headrace.protocol.Bytes;
import io.headrace.storage.PercentEncoding;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a question to one of Alibaba Cloud's services (not OSS), ACS3-HMAC-SHA256, its parameters in the query:
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 *
 * @param nonce used once
 */
record AcsSignature(Instant at, String nonce) {
    private static final String ALGORITHM = "ACS3-HMAC-SHA256";

    /** What is asked of a service: {@code "AssumeRole"} of {@code "2015-04-01"}. */
    record Action(String name, String version) {}

    HttpRequest sign(URI service, Action action, Map<String, String> parameters, Credentials credentials) {
        String query = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                        .collect(Collectors.joining("&"));
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("host", service.getAuthority());
        headers.put("x-acs-action", action.name());
        headers.put("x-acs-version", action.version());
        headers.put("x-acs-date", at.truncatedTo(ChronoUnit.SECONDS).toString());
        headers.put("x-acs-signature-nonce", nonce);
        headers.put("x-acs-content-sha256", sha256(""));
        Optional.ofNullable(credentials.securityToken())
                .filter(token -> !token.isEmpty())
                .ifPresent(token -> headers.put("x-acs-security-token", token));
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/?" + query))
                .POST(HttpRequest.BodyPublishers.noBody())
                .header("Authorization", authorization(query, headers, credentials));
        // The client itself sets the host.
        headers.remove("host");
        headers.forEach(request::header);
        return request.build();
    }

    private static String authorization(String query, TreeMap<String, String> headers, Credentials credentials) {
        String names = String.join(";", headers.keySet());
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        String canonical = String.join("\n", "POST", "/", query, lines, names, sha256(""));
        return ALGORITHM + " Credential=" + credentials.accessKeyId() + ",SignedHeaders=" + names + ",Signature="
                + hmac(credentials.accessKeySecret(), ALGORITHM + "\n" + sha256(canonical));
    }

    private static String encode(String text) {
        return PercentEncoding.encode(Bytes.utf8(text)).replace("/", "%2F");
    }

    private static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
