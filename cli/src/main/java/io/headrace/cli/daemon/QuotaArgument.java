package io.headrace.cli.daemon;

import io.headrace.protocol.ByteSize;
import io.headrace.store.Quota;
import java.util.ArrayList;
import java.util.List;

/** {@code --quota [SUBDIRECTORY=]SIZE[:FILES]}. */
record QuotaArgument(String subdirectory, Quota quota) {
    /** Either limit may be left out, not both: {@code 10GiB}, {@code 10GiB:5000}, {@code :5000}. */
    static QuotaArgument parse(String text) {
        int equals = text.lastIndexOf('=');
        String limits = text.substring(equals + 1);
        int colon = limits.indexOf(':');
        String size = colon < 0 ? limits : limits.substring(0, colon);
        String files = colon < 0 ? "" : limits.substring(colon + 1);
        try {
            Quota quota = new Quota(
                    size.isEmpty() ? Long.MAX_VALUE : ByteSize.parse(size).bytes(),
                    files.isEmpty() ? Long.MAX_VALUE : Long.parseLong(files));
            if (quota.equals(Quota.NONE) || quota.bytes() == 0 || quota.objects() == 0) {
                throw new IllegalArgumentException("a limit is more than 0, and one is needed");
            }
            return new QuotaArgument(equals < 0 ? "" : text.substring(0, equals), quota);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--quota is [SUBDIRECTORY=]SIZE[:FILES], such as 10GiB or data=10GiB:5000, not \"" + text + "\": "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * The origins with their quotas.
     *
     * @throws IllegalArgumentException when a quota names none of them
     */
    static List<OriginArgument> apply(List<String> texts, List<OriginArgument> origins) {
        List<OriginArgument> limited = new ArrayList<>(origins);
        for (String text : texts) {
            QuotaArgument argument = parse(text);
            boolean known =
                    origins.stream().anyMatch(origin -> origin.subdirectory().equals(argument.subdirectory));
            if (!known) {
                throw new IllegalArgumentException("--quota " + text + " belongs to none of the origins "
                        + origins.stream().map(OriginArgument::subdirectory).toList()
                        + "; with several origins write SUBDIRECTORY=SIZE, with one SIZE alone");
            }
            limited.replaceAll(origin ->
                    origin.subdirectory().equals(argument.subdirectory) ? origin.withQuota(argument.quota) : origin);
        }
        return List.copyOf(limited);
    }
}
