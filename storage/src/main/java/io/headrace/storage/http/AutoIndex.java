package io.headrace.storage.http;

import io.headrace.protocol.Bytes;
import io.headrace.storage.PercentEncoding;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that nginx, Apache and Python's {@code http.server} make for a folder: links to its children, those of folders
 * with a slash at their ends. Other links (parent, sort orders, other places) are passed over.
 *
 * @param files names of files
 * @param folders names of folders, each ending with {@code '/'}
 */
record AutoIndex(Set<Bytes> files, Set<Bytes> folders) {
    private static final Pattern LINK =
            Pattern.compile("<a\\s[^<>]*?href\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')", Pattern.CASE_INSENSITIVE);

    static AutoIndex parse(URI folder, String html) {
        Set<Bytes> files = new LinkedHashSet<>();
        Set<Bytes> folders = new LinkedHashSet<>();
        Matcher matcher = LINK.matcher(html);
        while (matcher.find()) {
            String link = unescape(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
            String name = childName(folder, link);
            if (name.endsWith("/")) {
                folders.add(PercentEncoding.decode(name));
            } else if (!name.isEmpty()) {
                files.add(PercentEncoding.decode(name));
            }
        }
        return new AutoIndex(files, folders);
    }

    /** The raw name of a child of the folder; empty for any other link. */
    private static String childName(URI folder, String link) {
        String path = link;
        String origin = folder.getScheme() + "://" + folder.getRawAuthority();
        if (path.startsWith(origin + "/")) {
            path = path.substring(origin.length());
        }
        if (path.startsWith("/")) {
            if (!path.startsWith(folder.getRawPath())) {
                return "";
            }
            path = path.substring(folder.getRawPath().length());
        }
        if (path.startsWith("./")) {
            path = path.substring(2);
        }
        int slash = path.indexOf('/');
        boolean child = !path.isEmpty()
                && path.indexOf('?') < 0
                && path.indexOf('#') < 0
                && !path.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")
                && (slash < 0 || slash == path.length() - 1);
        String name = slash < 0 ? path : path.substring(0, slash);
        String decoded = PercentEncoding.decode(name).toString();
        boolean escapes = decoded.isEmpty() || decoded.equals(".") || decoded.equals("..") || decoded.contains("/");
        return child && !escapes ? path : "";
    }

    private static String unescape(String attribute) {
        return attribute
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
    }
}
