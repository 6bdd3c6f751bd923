package io.headrace.storage.http;

import java.net.URI;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Follows redirects, but never from TLS to plain text. */
final class SafeRedirects extends DefaultRedirectStrategy {
    @Override
    public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) throws HttpException {
        URI target = super.getLocationURI(request, response, context);
        if ("https".equals(request.getScheme()) && !"https".equals(target.getScheme())) {
            throw new ProtocolException("the server redirects from https to " + target.getScheme() + "://"
                    + target.getHost() + ", without encryption");
        }
        return target;
    }

    @Override
    public boolean isRedirectAllowed(
            HttpHost currentTarget, HttpHost newTarget, HttpRequest redirect, HttpContext context) {
        return true;
    }
}
