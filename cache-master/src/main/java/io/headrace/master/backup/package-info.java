/**
 * Backups of a master: {@link io.headrace.master.backup.BackupService} gives them out while it runs, {@link
 * io.headrace.master.backup.BackupFile} checks and restores them.
 */
@NullMarked
package io.headrace.master.backup;

import org.jspecify.annotations.NullMarked;
