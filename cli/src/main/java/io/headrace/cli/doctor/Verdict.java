package io.headrace.cli.doctor;

/** From best to worst. */
enum Verdict {
    GOOD("ok"),
    /** Works, and could be faster or safer. */
    SLOW("slow"),
    /** Does not work until it is mended. */
    BROKEN("broken");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
