package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.transport.AbortableInputStream;
import com.aliyun.sdk.service.oss2.transport.BinaryData;
import com.aliyun.sdk.service.oss2.transport.HttpClient;
import com.aliyun.sdk.service.oss2.transport.RequestContext;
import com.aliyun.sdk.service.oss2.transport.RequestContext.HttpCompletionOption;
import com.aliyun.sdk.service.oss2.transport.RequestException;
import com.aliyun.sdk.service.oss2.transport.RequestMessage;
import com.aliyun.sdk.service.oss2.transport.ResponseMessage;
import io.headrace.storage.InterruptibleCall;
import io.headrace.storage.InterruptibleCall.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Sends the SDK's requests. The SDK's own transport reads bodies of up to 32 KiB before it hands them out, and ends a
 * response that is not wanted by reading the rest of it; this one streams every object, and ends a response by closing
 * its connection.
 */
record OssTransport(CloseableHttpClient client, Duration answerTimeout) implements HttpClient {
    private static final int REDIRECTION = 300;
    /** A page of a thousand of the longest keys has a quarter of that. */
    private static final int MOST_ANSWER_BYTES = 16 << 20;

    @Override
    public ResponseMessage send(RequestMessage request, RequestContext context) {
        HttpUriRequestBase ask = new HttpUriRequestBase(request.method(), request.uri());
        request.headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                ask.addHeader(name, value);
            }
        });
        Optional.ofNullable(request.body()).ifPresent(body -> ask.setEntity(new ByteArrayEntity(body.toBytes(), null)));
        boolean streams =
                HttpCompletionOption.ResponseHeadersRead.equals(context.get(RequestContext.Key.HTTP_COMPLETION_OPTION));
        try {
            Waiting<ResponseMessage> waiting = () -> {
                ClassicHttpResponse answer = client.executeOpen(null, ask, null);
                return toMessage(request, answer, body(ask, answer, streams && answer.getCode() < REDIRECTION));
            };
            // What is written may take as long as it has bytes, and as the service joins its parts.
            boolean writes = ask.getMethod().equals("PUT") || ask.getMethod().equals("POST");
            return writes
                    ? InterruptibleCall.of(waiting, ask::cancel)
                    : InterruptibleCall.within(answerTimeout, waiting, ask::cancel);
        } catch (IOException e) {
            ask.cancel();
            throw new RequestException("the request failed", e);
        }
    }

    private static Optional<BinaryData> body(HttpUriRequestBase ask, ClassicHttpResponse answer, boolean streams)
            throws IOException {
        HttpEntity entity = answer.getEntity();
        if (entity == null) {
            answer.close();
            return Optional.empty();
        }
        return Optional.of(
                streams
                        ? BinaryData.fromStream(AbortableInputStream.create(entity.getContent(), ask::cancel))
                        : BinaryData.fromBytes(EntityUtils.toByteArray(entity, MOST_ANSWER_BYTES)));
    }

    private static ResponseMessage toMessage(
            RequestMessage request, ClassicHttpResponse answer, Optional<BinaryData> body) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : answer.getHeaders()) {
            headers.put(header.getName(), header.getValue());
        }
        ResponseMessage.Builder message = ResponseMessage.newBuilder()
                .request(request)
                .statusCode(answer.getCode())
                .headers(headers);
        body.ifPresent(message::body);
        return message.build();
    }

    @Override
    public String name() {
        return "headrace";
    }
}
