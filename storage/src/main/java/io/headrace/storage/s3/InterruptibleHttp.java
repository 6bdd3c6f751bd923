package io.headrace.storage.s3;

import io.headrace.storage.InterruptibleCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The SDK's HTTP client; an interrupt of the calling thread ends its wait for an answer. An answer that holds no
 * object's bytes is read whole here, within a time, as the SDK would read it where nothing but the socket's timeout ends
 * it.
 */
record InterruptibleHttp(SdkHttpClient client, Duration answerTimeout) implements SdkHttpClient {
    private static final int REDIRECTION = 300;
    /** A page of a thousand of the longest keys has a quarter of that. */
    private static final int MOST_ANSWER_BYTES = 16 << 20;

    record Builder(ApacheHttpClient.Builder http, Duration answerTimeout) implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new InterruptibleHttp(http.buildWithDefaults(defaults), answerTimeout);
        }
    }

    private record Request(ExecutableHttpRequest request, SdkHttpRequest asked, Duration answerTimeout)
            implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            InterruptibleCall.Waiting<HttpExecuteResponse> waiting = () -> {
                HttpExecuteResponse answer = request.call();
                return hasObjectBytes(answer) ? answer : whole(answer);
            };
            return writes()
                    ? InterruptibleCall.of(waiting, request::abort)
                    : InterruptibleCall.within(answerTimeout, waiting, request::abort);
        }

        private boolean hasObjectBytes(HttpExecuteResponse answer) {
            return asked.firstMatchingHeader("Range").isPresent()
                    && answer.httpResponse().statusCode() < REDIRECTION;
        }

        /** What is written may take as long as it has bytes, and as the service joins its parts. */
        private boolean writes() {
            return asked.method() == SdkHttpMethod.PUT
                    || asked.rawQueryParameters().containsKey("uploadId");
        }

        private static HttpExecuteResponse whole(HttpExecuteResponse answer) throws IOException {
            Optional<AbortableInputStream> body = answer.responseBody();
            if (body.isEmpty()) {
                return answer;
            }
            byte[] bytes;
            try (AbortableInputStream stream = body.get()) {
                bytes = stream.readNBytes(MOST_ANSWER_BYTES);
                if (bytes.length == MOST_ANSWER_BYTES) {
                    stream.abort();
                    throw new IOException("an answer that is no object has over " + MOST_ANSWER_BYTES + " bytes");
                }
            }
            return HttpExecuteResponse.builder()
                    .response(answer.httpResponse())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
                    .build();
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Request(client.prepareRequest(request), request.httpRequest(), answerTimeout);
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
