package io.headrace.client.cluster;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.headrace.protocol.Bytes;
import java.util.function.Supplier;

/** Shows the token of now at each call (RFC 6750). */
final class BearerToken implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Supplier<Bytes> token;

    BearerToken(Supplier<Bytes> token) {
        this.token = token;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> answers, Metadata headers) {
                Bytes shown = token.get();
                if (!shown.isEmpty()) {
                    headers.put(AUTHORIZATION, "Bearer " + shown);
                }
                super.start(answers, headers);
            }
        };
    }
}
