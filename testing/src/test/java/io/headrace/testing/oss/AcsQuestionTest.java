package io.headrace.testing.oss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of the published specification, with its fixed parameters. */
class AcsQuestionTest {
    private static final String SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";
    private static final String IMAGE = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd";

    private final Map<String, String> headers = new HashMap<>(Map.of(
            "host", "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action", "RunInstances",
            "x-acs-version", "2014-05-26",
            "x-acs-date", "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d",
            "x-acs-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "authorization",
                    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
                            + "x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=" + SIGNATURE));

    private AcsQuestion question(String body) {
        return new AcsQuestion("POST", "/?RegionId=cn-shanghai&ImageId=" + IMAGE, headers, body);
    }

    @Test
    void the_published_example_is_signed_well() {
        assertThat(question("").accessKeyId()).contains("YourAccessKeyId");
        assertThat(question("").parameters()).isEqualTo(Map.of("RegionId", "cn-shanghai", "ImageId", IMAGE));
        assertThat(question("").isSignedWith("YourAccessKeySecret")).isTrue();
    }

    @Test
    void another_secret_body_or_header_is_found_out() {
        assertThat(question("").isSignedWith("another")).isFalse();
        assertThat(question("more").isSignedWith("YourAccessKeySecret")).isFalse();
        headers.put("x-acs-security-token", "unsigned");
        assertThat(question("").isSignedWith("YourAccessKeySecret")).isFalse();
    }
}
