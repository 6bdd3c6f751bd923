package io.headrace.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents a component of a settings record. The settings file, the environment variables and the generated reference
 * are read from it: component {@code maxInFlight} of {@code StoreSettings} is the key {@code store.max-in-flight}.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** What it does and when to change it, in one or two sentences. */
    String value();

    /** The default as one would write it in the file. */
    String defaultValue();
}
