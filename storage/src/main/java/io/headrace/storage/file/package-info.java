/** Folders of a local or network file system as origins: {@code file:///FOLDER}. */
@NullMarked
package io.headrace.storage.file;

import org.jspecify.annotations.NullMarked;
