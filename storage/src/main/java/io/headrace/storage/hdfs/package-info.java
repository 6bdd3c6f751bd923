/** Folders of HDFS: {@code hdfs://NAMENODE/FOLDER}. */
@NullMarked
package io.headrace.storage.hdfs;

import org.jspecify.annotations.NullMarked;
