package io.headrace.protocol;

/**
 * Named places in the code where a test can make a process die, pause or fail. Compiled into the product; the one that
 * products use does nothing. A name is {@code module.noun.verb}, such as {@code store.block.written}.
 */
@FunctionalInterface
public interface FaultPoints {
    FaultPoints NONE = name -> {};

    /** Called when execution reaches the place of this name. May throw an unchecked exception, wait, or never return. */
    void reach(String name);

    /**
     * {@code "store.block.written=3"} halts the process, as SIGKILL would, the third time that this place is reached;
     * empty text is {@link #NONE}.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    static FaultPoints parse(String specification) {
        if (specification.isBlank()) {
            return NONE;
        }
        int equals = specification.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("not a fault: \"" + specification + "\"; write name=count");
        }
        return new HaltAt(specification.substring(0, equals), Integer.parseInt(specification.substring(equals + 1)));
    }
}
