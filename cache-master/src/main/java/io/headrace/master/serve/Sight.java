package io.headrace.master.serve;

import io.headrace.master.access.Caller;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.NameChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What one who follows changes may be told of, and for how long. Thread-safe.
 *
 * @param names empty when all
 * @param caller empty when for ever
 */
record Sight(Optional<GrantedNames> names, Optional<Caller> caller) {
    /** Of the caller of this thread's call, who may see these names. */
    static Sight of(Namespace names) {
        return new Sight(
                names instanceof GrantedNames granted ? Optional.of(granted) : Optional.empty(), Caller.present());
    }

    /** @throws io.grpc.StatusRuntimeException when nothing more may be told */
    void requireCurrent() {
        caller.ifPresent(Caller::requireCurrent);
    }

    /** @throws UncheckedIOException when the names cannot be read */
    List<NameChange> of(List<NameChange> changes) {
        return names.isEmpty()
                ? changes
                : changes.stream().filter(change -> covers(names.get(), change)).toList();
    }

    private static boolean covers(GrantedNames granted, NameChange change) {
        try {
            return granted.covers(NamesCodec.fromMessage(change));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
