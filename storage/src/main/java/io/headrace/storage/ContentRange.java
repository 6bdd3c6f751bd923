package io.headrace.storage;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes an HTTP answer says that it brings.
 *
 * @param header {@code Content-Range} (RFC 9110, section 14.4); empty when the answer is the whole object
 * @param contentLength the body's length; empty when the answer does not say
 */
public record ContentRange(Optional<String> header, Optional<Long> contentLength) {
    private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    /**
     * Makes sure that the answer brings {@code range} of an object with the version's length.
     *
     * @param what such as "reading s3://bucket/key [0, 100)"
     */
    public void check(String what, FileVersion version, ByteRange range) throws OriginException {
        if (header.isEmpty()) {
            if (!range.equals(version.wholeFile())) {
                throw new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        what
                                + ": the server ignores Range and would send the whole object for each piece of it. Use a server"
                                + " that supports byte ranges");
            }
            checkTotal(what, version, contentLength.orElse(range.length()));
            return;
        }
        Matcher matcher = FORM.matcher(header.get());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) > Long.parseLong(matcher.group(2))) {
            throw new OriginException.Unavailable(what + ": the answer has the range \"" + header.get()
                    + "\", which is none. Look for a proxy on the way that changes answers");
        }
        if (!"*".equals(matcher.group(3))) {
            checkTotal(what, version, Long.parseLong(matcher.group(3)));
        }
        ByteRange got = ByteRange.between(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) + 1);
        if (!got.equals(range) || contentLength.orElse(got.length()) != range.length()) {
            throw new OriginException.Unavailable(
                    what + ": the answer brings " + got + " with a length of "
                            + contentLength.map(String::valueOf).orElse("unknown")
                            + " bytes. It is asked again; if this lasts, look for a proxy or cache on the way that changes answers");
        }
    }

    private static void checkTotal(String what, FileVersion version, long total) throws OriginException {
        if (total != version.lengthBytes()) {
            throw new OriginException.VersionChanged(what + ": the object has " + total + " bytes by now, and had "
                    + version.lengthBytes() + ". Open it again");
        }
    }
}
