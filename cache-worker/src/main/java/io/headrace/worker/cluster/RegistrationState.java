package io.headrace.worker.cluster;

/** How a worker stands with its master. */
public sealed interface RegistrationState {
    /**
     * Not a member, or not sure to be one, and trying.
     *
     * @param why the newest failure; empty before there was one
     */
    record Seeking(String why) implements RegistrationState {}

    /** A member: the master answered the newest heartbeat. */
    record Joined() implements RegistrationState {}

    /** The master does not want this worker, and trying again would not help. */
    record Refused(String why) implements RegistrationState {}

    /** Left, or closed. */
    record Ended() implements RegistrationState {}
}
