package dev.hearth.web;

import dev.hearth.http.Handler;
import java.util.List;

/// One route of an application, as [Router#routes] lists them.
///
/// `pattern` is whole, with the prefix of every router it is mounted in; `handler` is the one that was
/// registered, without middleware; `place` says where in the source that was, such as `Bakery.java:40`; `security` what
/// the layers around it and itself want of who asks, outermost first.
public record Route(
        String method, String pattern, Handler handler, Place place, List<Security> security) {

    public Route {
        security = List.copyOf(security);
    }

    @Override
    public String toString() {
        return method + " " + pattern;
    }
}
