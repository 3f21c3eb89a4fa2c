package dev.hearth.trace;

import dev.hearth.http.Handler;
import dev.hearth.http.Middleware;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.web.TraceContext;
import dev.hearth.webhook.Inbox;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Optional;

/// A span for each request, in the trace of its caller. Never the query: it may hold secrets.
record RequestSpans(Tracer tracer) implements Middleware {

    @Override
    public Handler wrap(Handler next) {
        return request -> handle(request, next);
    }

    private Response handle(Request request, Handler next) throws Exception {
        String tracestate = String.join(",", request.headers().all("tracestate"));
        Context caller = Traceparent.read(request.header("traceparent").orElse(""), tracestate);
        Span span = begin(request, caller);
        request.put(Inbox.TRACEPARENT, Traceparent.of(span));
        TraceContext.place(request, context(span, caller, tracestate));
        try (Scope _ = span.makeCurrent()) {
            Response response = next.handle(request);
            span.setAttribute("http.response.status_code", response.status());
            if (response.status() >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            return response;
        } catch (Throwable failed) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", failed.getClass().getName());
            throw failed;
        } finally {
            request.route()
                    .ifPresent(route -> {
                        span.updateName(method(request) + " " + route);
                        span.setAttribute("http.route", route);
                    });
            span.end();
        }
    }

    private Span begin(Request request, Context caller) {
        return tracer.spanBuilder(method(request))
                .setSpanKind(SpanKind.SERVER)
                .setParent(caller)
                .setAttribute("http.request.method", method(request))
                .setAttribute("url.path", request.path())
                .startSpan();
    }

    /// As handlers see it that call others by themselves.
    private static TraceContext context(Span span, Context caller, String tracestate) {
        var own = span.getSpanContext();
        var parent = Span.fromContext(caller).getSpanContext();
        return new TraceContext(
                own.getTraceId(),
                own.getSpanId(),
                Optional.of(parent.getSpanId()).filter(_ -> parent.isValid()),
                own.getTraceFlags().asHex(),
                parent.isValid() ? tracestate : "");
    }

    /// Anyone can make up methods; names of spans must have an end.
    private static String method(Request request) {
        return switch (request.method()) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> request.method();
            default -> "_OTHER";
        };
    }
}
