package dev.hearth.metrics;

import dev.hearth.web.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A route with what was counted on it since the process started: for the operator site and `hearth routes`.
///
/// @param pattern empty for requests that no route was for
/// @param place where it is declared, such as `Bakery.java:40`; `Hearth` for its own, empty where no route is
/// @param p50 in how many milliseconds half of the requests were answered; `p95` and `p99` so many of a hundred
public record RouteTraffic(
        String method,
        String pattern,
        String place,
        long requests,
        long refusals,
        long errors,
        double p50,
        double p95,
        double p99) {

    private record Key(String method, String pattern) {}

    /// Every route in the order of registration, asked for or not, then what was asked for without one.
    public static List<RouteTraffic> of(List<Route> routes, List<Traffic.Counted> counted) {
        Map<Key, Traffic.Counted> rest = new HashMap<>();
        counted.forEach(one -> rest.put(new Key(one.method(), one.route()), one));
        List<RouteTraffic> all = new ArrayList<>();
        for (Route route : routes) {
            Key key = new Key(route.method(), route.pattern());
            all.add(of(key, place(route), Optional.ofNullable(rest.remove(key))));
        }
        for (Traffic.Counted one : counted) {
            Key key = new Key(one.method(), one.route());
            if (rest.containsKey(key)) {
                all.add(of(key, "", Optional.of(one)));
            }
        }
        return all;
    }

    /// Hearth's own routes are declared nowhere that a user could look.
    private static String place(Route route) {
        return route.place().isHearths() ? "Hearth" : route.place().toString();
    }

    private static RouteTraffic of(Key key, String place, Optional<Traffic.Counted> counted) {
        return new RouteTraffic(
                key.method,
                key.pattern,
                place,
                counted.map(Traffic.Counted::requests).orElse(0L),
                counted.map(Traffic.Counted::refusals).orElse(0L),
                counted.map(Traffic.Counted::errors).orElse(0L),
                counted.map(one -> one.latency().millisOf(0.5)).orElse(0.0),
                counted.map(one -> one.latency().millisOf(0.95)).orElse(0.0),
                counted.map(one -> one.latency().millisOf(0.99)).orElse(0.0));
    }
}
