package io.headrace.cli.doctor;

/** One thing that matters to Headrace on a machine. */
interface Check {
    /** A word or two, the same in every run. */
    String subject();

    Finding judge(Host host);
}
