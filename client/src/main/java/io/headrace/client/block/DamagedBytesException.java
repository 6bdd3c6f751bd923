package io.headrace.client.block;

import java.io.IOException;

/** A worker sent other bytes than it summed when it fetched them: its cache, or the way from it, damaged them. */
final class DamagedBytesException extends IOException {
    DamagedBytesException(String message) {
        super(message);
    }
}
