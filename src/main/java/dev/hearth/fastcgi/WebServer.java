package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;

/// Which habits of a web server count, where the specification leaves it a choice or it goes its own way.
///
/// Known by SERVER_SOFTWARE, which every web server sends; what is written here about each is what the
/// integration tests see it do.
enum WebServer {

    /// nginx and its kin. They take END_REQUEST, and also the plain end of a connection, for the end of a
    /// whole response, whatever the application status is; only a record that they refuse makes them tell the
    /// client that the response was cut. And they send no more of a request's body once its response has
    /// begun.
    NGINX,

    /// Apache. While it hands a response on, it sends nothing of the request's body, so that a client which
    /// reads only when it has written all would wait for ever. Else as the others.
    APACHE,

    /// lighttpd, HAProxy and others: END_REQUEST is the end of a whole response; a connection that ends without
    /// it is a response that was cut. lighttpd sees it only if it has begun to send the response before: what
    /// reaches it together with the end of the connection gets a Content-Length, and is whole.
    OTHER,

    /// A peer that does not say what it is reads the application status, as the specification means it.
    UNNAMED;

    static WebServer of(NameValuePairs params) {
        int found = params.find("SERVER_SOFTWARE");
        String software = found < 0 ? "" : params.value(found);
        if (software.isEmpty()) {
            return UNNAMED;
        }
        int slash = software.indexOf('/');
        return switch (slash < 0 ? software : software.substring(0, slash)) {
            case "nginx", "openresty", "freenginx", "angie", "Angie", "Tengine", "tengine" -> NGINX;
            case "Apache" -> APACHE;
            default -> OTHER;
        };
    }

    /// Whether the request's body stops coming when its response begins, so that it must be here before.
    boolean sendsBodyBeforeResponse() {
        return this == NGINX || this == APACHE;
    }

    /// Whether the end of the connection, where END_REQUEST should be, shows the client that a response was cut.
    boolean showsCutByClosing() {
        return this == APACHE || this == OTHER;
    }
}
