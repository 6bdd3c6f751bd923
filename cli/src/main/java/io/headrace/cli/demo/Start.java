package io.headrace.cli.demo;

/**
 * One start of the program that loads the model.
 *
 * @param originBytes how many left the origin for it
 * @param wrongBytes how many were not what they must be
 */
record Start(String name, long bytes, double seconds, long originBytes, long wrongBytes) {
    double bytesPerSecond() {
        return bytes / seconds;
    }
}
