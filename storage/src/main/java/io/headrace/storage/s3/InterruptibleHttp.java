package io.headrace.storage.s3;

import io.headrace.storage.InterruptibleCall;
import java.io.IOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The SDK's HTTP client; an interrupt of the calling thread ends its wait for an answer's head. */
record InterruptibleHttp(SdkHttpClient client) implements SdkHttpClient {
    record Builder(ApacheHttpClient.Builder http) implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new InterruptibleHttp(http.buildWithDefaults(defaults));
        }
    }

    private record Request(ExecutableHttpRequest request) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            return InterruptibleCall.of(request::call, request::abort);
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Request(client.prepareRequest(request));
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
