/// Brings requests from the wire to handlers and answers back: FastCGI, CGI and plain HTTP. Imports `fastcgi` and
/// `http`; the only place where the two meet.
@NullMarked
package dev.hearth.gateway;

import org.jspecify.annotations.NullMarked;
