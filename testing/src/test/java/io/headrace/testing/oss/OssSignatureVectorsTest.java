package io.headrace.testing.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The signatures that the public SDKs' own tests expect: signer v4 tests of aliyun/alibabacloud-oss-java-sdk-v2. */
class OssSignatureVectorsTest {
    private static final OssIdentity PERMANENT = OssIdentity.permanent("ak", "sk", OssIdentity.Access.ALL);
    private static final String TARGET =
            "/1234%2B-/123/1.txt?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2&%7Cparam2&param2";

    @Test
    void a_permanent_key() throws Exception {
        String signature = "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe";
        assertAccepted(PERMANENT, "2023-12-16T16:20:57Z", "", signature);
    }

    @Test
    void a_temporary_key_with_its_token() throws Exception {
        Instant expires = Instant.parse("2023-12-17T04:00:00Z");
        String signature = "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea";
        assertAccepted(OssIdentity.temporary("ak", "sk", "token", expires), "2023-12-17T03:47:36Z", "", signature);
    }

    @Test
    void additional_headers() throws Exception {
        String signature = "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f";
        assertAccepted(PERMANENT, "2023-12-16T17:25:12Z", "AdditionalHeaders=abc;zabc,", signature);
    }

    private static void assertAccepted(OssIdentity identity, String at, String additional, String signature)
            throws OssRefusal {
        assertThat(check(identity, at, additional, signature)).isEqualTo(identity);
        String other = signature.replace('a', 'b');
        assertThatThrownBy(() -> check(identity, at, additional, other)).isInstanceOf(OssRefusal.class);
    }

    private static OssIdentity check(OssIdentity identity, String at, String additional, String signature)
            throws OssRefusal {
        Instant time = Instant.parse(at);
        String day = at.substring(0, 10).replace("-", "");
        Map<String, String> headers = new HashMap<>(Map.of(
                "host", "bucket.oss-cn-hangzhou.aliyuncs.com",
                "x-oss-head1", "value",
                "abc", "value",
                "zabc", "value",
                "xyz", "value",
                "content-type", "text/plain",
                "x-oss-content-sha256", "UNSIGNED-PAYLOAD",
                "x-oss-date", at.replace("-", "").replace(":", ""),
                "authorization",
                        "OSS4-HMAC-SHA256 Credential=ak/" + day + "/cn-hangzhou/oss/aliyun_v4_request," + additional
                                + "Signature=" + signature));
        identity.token().ifPresent(token -> headers.put("x-oss-security-token", token));
        OssServerOptions options = OssServerOptions.of(Path.of("unused"))
                .with(List.of(identity))
                .with(Clock.fixed(time.plus(1, ChronoUnit.MINUTES), ZoneOffset.UTC));
        return new OssSignature(options)
                .check(OssRequest.of("PUT", TARGET, headers, Map.of()))
                .orElseThrow();
    }
}
