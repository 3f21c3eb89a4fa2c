package dev.hearth.web;

import dev.hearth.http.Errors;
import dev.hearth.http.Middleware;
import java.util.List;

/// The layers that every site should have, in the order in which a request meets them.
///
/// 1. [RequestIds]: whatever happens further in can be found by the id.
/// 2. [AccessLog]: sees the final answer of everything below.
/// 3. [SecurityHeaders]: on every answer, those to failures included.
/// 4. [Errors]: turns what is thrown into an answer.
public final class StandardLayers {
    private StandardLayers() {}

    /// The layers, with this access log.
    public static List<Middleware> with(AccessLog log) {
        return List.of(new RequestIds(), log, new SecurityHeaders(), new Errors());
    }

    /// The layers, with an access log that can be changed.
    public static List<Middleware> with(ChangingAccessLog log) {
        return List.of(new RequestIds(), log, new SecurityHeaders(), new Errors());
    }

    /// The layers without an access log, where the front server keeps one.
    public static List<Middleware> withoutLog() {
        return List.of(new RequestIds(), new SecurityHeaders(), new Errors());
    }
}
