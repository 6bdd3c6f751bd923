package io.headrace.master.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.token.TokenException;
import io.headrace.protocol.token.TokenJudge;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a call in whose token permits it. What a stream tells after its token has expired is up to its service: {@link Caller#requireCurrent}. */
public final class AccessInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final TokenJudge judge;

    public AccessInterceptor(TokenJudge judge) {
        this.judge = judge;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Optional<Right> needed = MethodRights.of(method);
        if (needed.isEmpty()) {
            return next.startCall(call, headers);
        }
        try {
            Grant grant = judge.judge(token(headers));
            if (!grant.permits(needed.get())) {
                return refuse(
                        call,
                        Status.PERMISSION_DENIED.withDescription(grant.name() + " lacks the right to "
                                + needed.get().word() + ", which " + method
                                + " needs; get one that has it: headrace token create --rights "
                                + needed.get().word()));
            }
            return Contexts.interceptCall(
                    Context.current().withValue(Caller.KEY, new Caller(grant, judge)), call, headers, next);
        } catch (TokenException e) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription(e.why()));
        }
    }

    private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status why) {
        LOG.info("{} is refused: {}", call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), why.getDescription());
        call.close(why, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static String token(Metadata headers) {
        String value = headers.get(AUTHORIZATION);
        return value != null && value.startsWith(BEARER)
                ? value.substring(BEARER.length()).strip()
                : "";
    }
}
