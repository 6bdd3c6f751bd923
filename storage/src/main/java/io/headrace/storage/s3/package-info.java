/** Buckets of S3 and of the many services that speak its protocol: {@code s3://BUCKET/FOLDER}. */
@NullMarked
package io.headrace.storage.s3;

import org.jspecify.annotations.NullMarked;
