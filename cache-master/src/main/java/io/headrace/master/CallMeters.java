package io.headrace.master;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Times calls: {@code headrace.master.calls} by method and status. A stream takes as long as it is open. There are as many meters as
 * methods that are served, times the codes of gRPC: calls of other methods do not come here.
 */
public final class CallMeters implements ServerInterceptor {
    private record Ending(String method, Status.Code status) {}

    private final MeterRegistry registry;
    private final Map<Ending, Timer> timers = new ConcurrentHashMap<>();

    public CallMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Running running = new Running(call.getMethodDescriptor().getFullMethodName());
        ServerCall<Q, A> timed = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                running.end(status.getCode());
                super.close(status, trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(timed, headers)) {
            @Override
            public void onCancel() {
                running.end(Status.Code.CANCELLED);
                super.onCancel();
            }
        };
    }

    private Timer timer(Ending ending) {
        return timers.computeIfAbsent(
                ending,
                _ -> Timer.builder("headrace.master.calls")
                        .tag("method", ending.method())
                        .tag("status", ending.status().name())
                        .register(registry));
    }

    /** A call, which may be answered and cancelled at the same time. */
    private final class Running {
        private final String method;
        private final Timer.Sample begun = Timer.start(registry);
        private final AtomicBoolean ended = new AtomicBoolean();

        Running(String method) {
            this.method = method;
        }

        void end(Status.Code status) {
            if (ended.compareAndSet(false, true)) {
                long _ = begun.stop(timer(new Ending(method, status)));
            }
        }
    }
}
