/** An origin that speaks the protocol of Alibaba Cloud OSS, checks what it is asked as OSS does, and counts it. */
@NullMarked
package io.headrace.testing.oss;

import org.jspecify.annotations.NullMarked;
