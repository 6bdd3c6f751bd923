package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A question to one of Alibaba Cloud's services that is signed by ACS3-HMAC-SHA256, as the service checks it by the
 * published specification: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 *
 * @param target path and query as they were sent
 * @param headers by their names in lower case
 */
public record AcsQuestion(String method, String target, Map<String, String> headers, String body) {
    private static final String ALGORITHM = "ACS3-HMAC-SHA256";
    private static final Pattern AUTHORIZATION =
            Pattern.compile(ALGORITHM + " Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})");

    /** Whose access key signed it; empty when it is not signed in this way. */
    public Optional<String> accessKeyId() {
        return Optional.of(authorization()).filter(Matcher::matches).map(matcher -> matcher.group(1));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The query's parameters. */
    public Map<String, String> parameters() {
        TreeMap<String, String> parameters = new TreeMap<>();
        int query = target.indexOf('?');
        if (query >= 0) {
            for (String pair : target.substring(query + 1).split("&", -1)) {
                String[] nameAndValue = pair.split("=", 2);
                parameters.put(decode(nameAndValue[0]), nameAndValue.length < 2 ? "" : decode(nameAndValue[1]));
            }
        }
        return parameters;
    }

    /** Whether all that has to be is signed, and with this secret. */
    public boolean isSignedWith(String secret) {
        Matcher authorization = authorization();
        if (!authorization.matches() || !sha256(body).equals(headers.get("x-acs-content-sha256"))) {
            return false;
        }
        List<String> signed = List.of(authorization.group(2).split(";"));
        boolean whole = headers.keySet().containsAll(signed)
                && headers.keySet().stream()
                        .filter(name -> name.startsWith("x-acs-") || name.equals("host") || name.equals("content-type"))
                        .allMatch(signed::contains);
        return whole
                && hmac(secret, ALGORITHM + "\n" + sha256(canonical(signed))).equals(authorization.group(3));
    }

    private Matcher authorization() {
        return AUTHORIZATION.matcher(headers.getOrDefault("authorization", ""));
    }

    /** Method, path, query, headers with a line end each, their names and the body's hash, one a line. */
    private String canonical(List<String> signed) {
        String query = parameters().entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
        String lines = signed.stream()
                .sorted()
                .map(name -> name + ":" + headers.getOrDefault(name, "").strip() + "\n")
                .collect(Collectors.joining());
        return Stream.of(
                        method,
                        target.split("\\?", 2)[0],
                        query,
                        lines,
                        signed.stream().sorted().collect(Collectors.joining(";")),
                        sha256(body))
                .collect(Collectors.joining("\n"));
    }

    private static String encode(String text) {
        return UriText.encode(Bytes.utf8(text), false);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
}
