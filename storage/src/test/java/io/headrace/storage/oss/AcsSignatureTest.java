package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import io.headrace.testing.oss.AcsQuestion;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AcsSignatureTest {
    /** The example of the published specification. */
    @Test
    void the_published_example_comes_out() {
        HttpRequest request = new AcsSignature(
                        Instant.parse("2023-10-26T10:22:32.7Z"), "3156853299f313e23d1673dc12e1703d")
                .sign(
                        URI.create("https://ecs.cn-shanghai.aliyuncs.com"),
                        new AcsSignature.Action("RunInstances", "2014-05-26"),
                        Map.of(
                                "ImageId",
                                "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
                                "RegionId",
                                "cn-shanghai"),
                        new Credentials("YourAccessKeyId", "YourAccessKeySecret"));

        assertThat(request.headers().firstValue("Authorization"))
                .contains("ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
                        + "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                        + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    }

    @Test
    void a_token_and_awkward_parameters_are_signed_as_the_service_checks_them() {
        Map<String, String> parameters = Map.of("Policy", "{\"a\": [\"b/*~ü+\"]}", "RoleArn", "acs:ram::1:role/x");
        HttpRequest request = new AcsSignature(Instant.parse("2026-01-01T00:00:00Z"), "nonce")
                .sign(
                        URI.create("http://127.0.0.1:8080"),
                        new AcsSignature.Action("AssumeRole", "2015-04-01"),
                        parameters,
                        new Credentials("STS.key", "word", "the token"));

        Map<String, String> headers = new HashMap<>(Map.of("host", "127.0.0.1:8080"));
        request.headers()
                .map()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        AcsQuestion question = new AcsQuestion(
                request.method(),
                request.uri().getRawPath() + "?" + request.uri().getRawQuery(),
                headers,
                "");
        assertThat(question.isSignedWith("word")).isTrue();
        assertThat(question.parameters()).isEqualTo(parameters);
        assertThat(question.header("x-acs-security-token")).contains("the token");
    }
}
