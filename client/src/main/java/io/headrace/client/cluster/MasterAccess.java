package io.headrace.client.cluster;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.headrace.protocol.Bytes;
import java.util.function.Supplier;

/**
 * With what a process goes to its master.
 *
 * @param token asked for at each call; empty for none
 */
public record MasterAccess(ChannelCredentials credentials, Supplier<Bytes> token) {
    /** In plain text, and without a token. */
    public static MasterAccess open() {
        return new MasterAccess(InsecureChannelCredentials.create(), () -> Bytes.EMPTY);
    }
}
