package io.headrace.cli;

/** What the command's exit status means; documented in docs/exit-codes.md. */
public enum ExitCode {
    OK(0, "Done."),
    FAILED(1, "Something failed that none of the codes below names; the message says what."),
    USAGE(2, "The command line or a setting is wrong."),
    ENVIRONMENT(3, "The machine lacks something: a JDK, /dev/fuse, a privilege, room on a disk."),
    NOT_FOUND(4, "The path, mount or object does not exist."),
    ORIGIN_REFUSED(
            5, "The origin or the cluster refuses: bucket, credentials, token, clock, certificate or permission."),
    ORIGIN_UNAVAILABLE(6, "The origin or the master does not answer, or answers with errors that may pass."),
    BUSY(7, "Somebody uses what should be changed: a mount, a cache directory."),
    DAMAGED(8, "A check found bytes that are not what they should be."),
    INCOMPLETE(9, "Part of the work is done and part is not; the message lists what is missing."),
    INTERRUPTED(130, "It was stopped by Ctrl-C or a signal.");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    public int status() {
        return status;
    }

    public String meaning() {
        return meaning;
    }
}
