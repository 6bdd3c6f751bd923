package io.headrace.cli.demo;

import java.io.IOException;
import java.util.function.LongConsumer;

/** One way to bring a model into a program's memory, by one thread. */
interface Loader {
    /**
     * Loads all files.
     *
     * @param progress is told how many bytes more were read
     */
    void load(Model model, LongConsumer progress) throws IOException;

    /** Reads all again and compares each byte. @return how many differ */
    long wrongBytes(Model model) throws IOException;
}
