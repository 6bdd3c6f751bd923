package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks signatures of version 4 in the {@code Authorization} header, by OSS's published specification and not by the
 * SDK's code: https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4
 */
record OssSignature(OssServerOptions options) {
    private static final String ALGORITHM = "OSS4-HMAC-SHA256";
    private static final Pattern AUTHORIZATION = Pattern.compile(ALGORITHM
            + " Credential=([^/,]+)/(\\d{8})/([^/,]+)/oss/aliyun_v4_request"
            + "(?:, ?AdditionalHeaders=([^,]*))?, ?Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** As OSS has it. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private record Claim(String keyId, String date, String region, List<String> additionalHeaders, String signature) {
        String scope() {
            return date + "/" + region + "/oss/aliyun_v4_request";
        }
    }

    /** Who signed the request; empty when it is not signed. */
    Optional<OssIdentity> check(OssRequest request) throws OssRefusal {
        Optional<String> authorization = request.header("authorization");
        if (authorization.isEmpty()) {
            return Optional.empty();
        }
        Claim claim = parse(authorization.get());
        String time = checkTime(request, claim);
        if (!claim.region().equals(options.region())) {
            throw OssRefusal.invalidArgument("Invalid signing region in Authorization header.");
        }
        if (!request.header("x-oss-content-sha256").orElse("").equals("UNSIGNED-PAYLOAD")) {
            throw OssRefusal.invalidArgument("x-oss-content-sha256 must be UNSIGNED-PAYLOAD.");
        }
        OssIdentity identity = options.identities().stream()
                .filter(known -> known.accessKeyId().equals(claim.keyId()))
                .findFirst()
                .orElseThrow(OssSignature::unknownKey);
        checkToken(request, identity);
        String canonical = canonicalRequest(request, claim);
        String toSign = ALGORITHM + "\n" + time + "\n" + claim.scope() + "\n" + hex(sha256(canonical));
        String expected = hex(hmac(signingKey(identity, claim), toSign));
        if (!MessageDigest.isEqual(utf8(expected), utf8(claim.signature()))) {
            throw new OssRefusal(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your key and signing method.",
                    Xml.element("OSSAccessKeyId", claim.keyId())
                            + Xml.element("SignatureProvided", claim.signature())
                            + Xml.element("StringToSign", toSign)
                            + Xml.element("CanonicalRequest", canonical));
        }
        return Optional.of(identity);
    }

    private static Claim parse(String authorization) throws OssRefusal {
        Matcher matcher = AUTHORIZATION.matcher(authorization);
        if (!matcher.matches()) {
            throw OssRefusal.invalidArgument("The Authorization header is not a V4 signature's.");
        }
        String additional = matcher.group(4);
        List<String> names = additional == null || additional.isEmpty() ? List.of() : List.of(additional.split(";"));
        return new Claim(matcher.group(1), matcher.group(2), matcher.group(3), names, matcher.group(5));
    }

    private String checkTime(OssRequest request, Claim claim) throws OssRefusal {
        String time = request.header("x-oss-date")
                .orElseThrow(() -> OssRefusal.accessDenied("OSS authentication requires a valid Date."));
        Instant at;
        try {
            at = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw OssRefusal.accessDenied("OSS authentication requires a valid Date.");
        }
        Instant now = options.clock().instant();
        if (Duration.between(at, now).abs().compareTo(MOST_SKEW) > 0) {
            throw new OssRefusal(
                    403,
                    "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large.",
                    Xml.element("MaxAllowedSkewMilliseconds", String.valueOf(MOST_SKEW.toMillis()))
                            + Xml.element("RequestTime", at.toString())
                            + Xml.element("ServerTime", now.toString()));
        }
        if (!time.startsWith(claim.date())) {
            throw OssRefusal.invalidArgument("Invalid signing date in Authorization header.");
        }
        return time;
    }

    private void checkToken(OssRequest request, OssIdentity identity) throws OssRefusal {
        Optional<String> token = request.header("x-oss-security-token");
        if (identity.token().isPresent() && token.isEmpty()) {
            throw unknownKey();
        }
        if (!identity.token().equals(token)) {
            throw new OssRefusal(403, "InvalidSecurityToken", "The security token you provided is invalid.");
        }
        if (identity.expires().filter(options.clock().instant()::isAfter).isPresent()) {
            throw new OssRefusal(403, "SecurityTokenExpired", "The security token you provided has expired.");
        }
    }

    private static OssRefusal unknownKey() {
        return new OssRefusal(
                403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.");
    }

    /** Method, path, query, headers, names of additional headers and the payload's hash, one a line. */
    private static String canonicalRequest(OssRequest request, Claim claim) throws OssRefusal {
        String path = request.bucket().isEmpty() ? "/" : "/" + request.bucket() + "/";
        String query = request.query().entrySet().stream()
                .map(pair -> Map.entry(
                        UriText.encode(pair.getKey(), false),
                        pair.getValue().isEmpty() ? "" : "=" + UriText.encode(pair.getValue(), false)))
                .sorted(Map.Entry.comparingByKey())
                .map(pair -> pair.getKey() + pair.getValue())
                .collect(Collectors.joining("&"));
        return request.method() + "\n"
                + UriText.encode(Bytes.utf8(path).concat(request.key().bytes()), true) + "\n"
                + query + "\n"
                + canonicalHeaders(request, claim) + "\n"
                + String.join(";", new TreeSet<>(claim.additionalHeaders())) + "\n"
                + request.header("x-oss-content-sha256").orElse("");
    }

    private static String canonicalHeaders(OssRequest request, Claim claim) throws OssRefusal {
        TreeMap<String, String> signed = new TreeMap<>();
        request.headers().forEach((name, value) -> {
            if (name.startsWith("x-oss-") || name.equals("content-type") || name.equals("content-md5")) {
                signed.put(name, value);
            }
        });
        for (String name : claim.additionalHeaders()) {
            signed.put(
                    name,
                    request.header(name)
                            .orElseThrow(() -> OssRefusal.invalidArgument(
                                    "The additional header " + name + " is signed but missing.")));
        }
        return signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
                .collect(Collectors.joining());
    }

    private static byte[] signingKey(OssIdentity identity, Claim claim) {
        byte[] key = utf8("aliyun_v4" + identity.accessKeySecret());
        for (String step : Arrays.asList(claim.date(), claim.region(), "oss", "aliyun_v4_request")) {
            key = hmac(key, step);
        }
        return key;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
