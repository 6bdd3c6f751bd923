package io.headrace.storage.oss;

/** Hands out a role's temporary credentials. Thread-safe. */
@FunctionalInterface
interface RoleSource {
    /**
     * Asks once, with a deadline; interrupting the calling thread ends it.
     *
     * @throws OssCredentials.Missing when somebody must change something first; the message says what
     * @throws OssCredentials.Unanswered when it may succeed later
     */
    TemporaryCredentials fetch();
}
