package io.headrace.master.backup;

import java.io.IOException;

/** A backup is cut or changed, or is none. */
public final class DamagedBackupException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedBackupException(String message) {
        super(message);
    }
}
