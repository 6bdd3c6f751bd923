@NullMarked
package io.headrace.master.catalog;

import org.jspecify.annotations.NullMarked;
