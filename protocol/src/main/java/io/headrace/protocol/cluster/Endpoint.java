package io.headrace.protocol.cluster;

/** Where a process listens. The host is a name or an address, an IPv6 one without brackets. */
public record Endpoint(String host, int port) {
    public Endpoint {
        if (host.isBlank() || port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("not an endpoint: \"" + host + "\" and port " + port);
        }
    }

    /**
     * Reads {@code host:port} and {@code [v6 address]:port}.
     *
     * @throws IllegalArgumentException when it is neither; the message says what to write
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException("not an endpoint: \"" + text + "\"; write host:port or [address]:port");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new Endpoint(bracketed ? host.substring(1, host.length() - 1) : host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port in \"" + text + "\"; write host:port", e);
        }
    }

    /** Whether only this machine reaches it, as far as the text says: no name is looked up. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
