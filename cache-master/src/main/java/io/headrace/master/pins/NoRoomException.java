package io.headrace.master.pins;

import java.io.IOException;

/** The workers, or a data set's quota, cannot hold the copies beside those of what is pinned. */
final class NoRoomException extends IOException {
    NoRoomException(String message) {
        super(message);
    }
}
