package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.aliyun.sdk.service.oss2.OSSClient;
import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.aliyun.sdk.service.oss2.models.HeadObjectRequest;
import com.aliyun.sdk.service.oss2.transport.HttpClient;
import com.aliyun.sdk.service.oss2.transport.RequestContext;
import com.aliyun.sdk.service.oss2.transport.RequestException;
import com.aliyun.sdk.service.oss2.transport.RequestMessage;
import com.aliyun.sdk.service.oss2.transport.ResponseMessage;
import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests go, and the region that they are signed for. */
class OssEndpointTest {
    /** Sends nothing, and remembers what it should have sent. */
    private static final class Unsent implements HttpClient {
        private final List<RequestMessage> requests = new ArrayList<>();

        @Override
        public ResponseMessage send(RequestMessage request, RequestContext context) {
            requests.add(request);
            throw new RequestException("not sent", new IOException());
        }

        @Override
        public String name() {
            return "unsent";
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region=cn-hangzhou|https://models.oss-cn-hangzhou.aliyuncs.com/a/b|cn-hangzhou",
                "endpoint=https://oss-cn-hangzhou-internal.aliyuncs.com"
                        + "|https://models.oss-cn-hangzhou-internal.aliyuncs.com/a/b|cn-hangzhou",
                "endpoint=oss-accelerate.aliyuncs.com region=eu-central-1"
                        + "|https://models.oss-accelerate.aliyuncs.com/a/b|eu-central-1",
                "endpoint=https://cdn.example.com cname=true region=cn-beijing|https://cdn.example.com/a/b|cn-beijing",
                "endpoint=https://oss.example.com:8443 region=cn-beijing|https://models.oss.example.com:8443/a/b|cn-beijing",
                "endpoint=http://oss.example.com path-style=true region=r|http://oss.example.com/models/a/b|r",
                "endpoint=http://192.0.2.7:9000 region=r|http://192.0.2.7:9000/models/a/b|r"
            })
    void requests_go_to(String options, String address, String region) throws Exception {
        RequestMessage sent = headRequest(parse(options));

        assertThat(sent.uri()).hasToString(address);
        assertThat(sent.headers().get("Authorization")).contains("/" + region + "/oss/aliyun_v4_request");
    }

    @ParameterizedTest
    @CsvSource({
        "cname=true region=r, endpoint=https://DOMAIN",
        "cname=true endpoint=https://cdn.example.com, region=cn-hangzhou",
        "cname=true endpoint=https://cdn.example.com path-style=true region=r, exclude each other"
    })
    void a_domain_of_the_buckets_own_needs(String options, String hint) {
        assertThatThrownBy(() -> OssEndpoint.of(parse(options), Map.of()))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining(hint);
    }

    @Test
    void a_region_that_is_nowhere_set_is_refused_when_the_store_is_opened() {
        UnderStoreOptions options = UnderStoreOptions.parse(Map.of("endpoint", "http://127.0.0.1:1"));

        assertThatThrownBy(() -> OssEndpoint.of(options, Map.of()))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("region=cn-hangzhou");
    }

    @Test
    void the_region_follows_from_the_endpoint_and_the_endpoint_from_the_region() throws Exception {
        OssEndpoint internal = OssEndpoint.of(
                UnderStoreOptions.parse(Map.of("endpoint", "https://oss-cn-beijing-internal.aliyuncs.com")), Map.of());
        OssEndpoint usual = OssEndpoint.of(UnderStoreOptions.defaults(), Map.of("OSS_REGION", "oss-us-west-1"));

        assertThat(internal.region()).isEqualTo("cn-beijing");
        assertThat(usual.uri()).hasToString("https://oss-us-west-1.aliyuncs.com");
        assertThat(usual.region()).isEqualTo("us-west-1");
    }

    private static UnderStoreOptions parse(String options) {
        Map<String, String> texts = new HashMap<>();
        for (String option : options.split(" ", -1)) {
            String[] keyAndValue = option.split("=", 2);
            texts.put(keyAndValue[0], keyAndValue[1]);
        }
        return UnderStoreOptions.parse(texts);
    }

    private static RequestMessage headRequest(UnderStoreOptions options) throws Exception {
        Unsent unsent = new Unsent();
        OSSClient client = OssSession.client(
                        OssEndpoint.of(options, Map.of()), options, () -> new Credentials("id", "secret"))
                .httpClient(unsent)
                .build();
        assertThat(catchThrowable(() -> client.headObject(HeadObjectRequest.newBuilder()
                        .bucket("models")
                        .key("a/b")
                        .build())))
                .hasStackTraceContaining("not sent");
        return unsent.requests.getFirst();
    }
}
