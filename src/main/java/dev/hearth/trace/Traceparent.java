package dev.hearth.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and writes the header `traceparent` (W3C Trace Context).
final class Traceparent {
    private static final TextMapGetter<Map<String, String>> GETTER = new FromMap();

    private Traceparent() {}

    /// The context in which a span continues the trace; what is malformed begins a new one.
    static Context read(String traceparent, String tracestate) {
        return W3CTraceContextPropagator.getInstance()
                .extract(
                        Context.root(),
                        Map.of("traceparent", traceparent, "tracestate", tracestate),
                        GETTER);
    }

    static String of(Span span) {
        SpanContext context = span.getSpanContext();
        return "00-%s-%s-%s"
                .formatted(
                        context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex());
    }

    /// Of the span that this thread is in; empty where it is in none.
    static String ofCurrent() {
        Span current = Span.current();
        return current.getSpanContext().isValid() ? of(current) : "";
    }

    private static final class FromMap implements TextMapGetter<Map<String, String>> {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    }
}
