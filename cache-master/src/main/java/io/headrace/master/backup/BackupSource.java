package io.headrace.master.backup;

import java.io.IOException;
import java.io.InputStream;

/** Where a backup lies. Its string names it in messages. */
interface BackupSource {
    /** From its beginning, and each time the same; the caller closes it. */
    InputStream open() throws IOException;
}
