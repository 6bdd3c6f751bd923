/** Files on web servers, read only: {@code https://HOST/FOLDER/} or {@code https://HOST/FILE}. */
@NullMarked
package io.headrace.storage.http;

import org.jspecify.annotations.NullMarked;
