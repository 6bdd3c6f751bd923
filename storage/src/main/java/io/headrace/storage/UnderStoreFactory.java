package io.headrace.storage;

import io.headrace.protocol.OriginException;
import java.net.URI;
import java.util.Set;

/** Makes the stores of one kind of origin. */
public interface UnderStoreFactory {
    /** The URI schemes that are this factory's, in lower case. */
    Set<String> schemes();

    /** How a location of this kind is written, for messages: {@code "s3://BUCKET/FOLDER"}. */
    String form();

    /**
     * Makes a store at once, without asking the origin: what is wrong there shows in the first call.
     *
     * @param location of one of the {@link #schemes}, without user, query and fragment
     * @throws OriginException.Refused when the location or the options cannot be right
     */
    UnderStore open(URI location, UnderStoreOptions options) throws OriginException;
}
