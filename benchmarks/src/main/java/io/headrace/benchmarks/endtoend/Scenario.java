package io.headrace.benchmarks.endtoend;

import java.util.List;

/** One row of the performance table. */
public interface Scenario {
    /** The row's name: {@code "P1"}. */
    String id();

    /** What is compared with what. */
    String question();

    /** Measures; leaves nothing mounted, running or on disk outside the bench's folder. */
    List<Figure> run(Workbench bench) throws Exception;
}
