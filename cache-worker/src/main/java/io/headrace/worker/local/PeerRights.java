package io.headrace.worker.local;

import io.headrace.protocol.unix.UnixSocket;
import java.util.OptionalInt;

/**
 * Who may borrow: processes of one user, of root, and of one group.
 *
 * @param group as the process's own, not one of its supplementary groups
 */
record PeerRights(int user, OptionalInt group) {
    boolean permit(UnixSocket.Peer peer) {
        return peer.user() == 0 || peer.user() == user || (group.isPresent() && peer.group() == group.getAsInt());
    }
}
