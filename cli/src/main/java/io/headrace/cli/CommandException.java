package io.headrace.cli;

/** A command cannot go on; the message is for its user, and says what to do. */
public final class CommandException extends Exception {
    private final ExitCode code;

    public CommandException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
