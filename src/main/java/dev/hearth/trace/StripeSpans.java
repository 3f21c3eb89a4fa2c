package dev.hearth.trace;

import dev.hearth.payment.CallWatch;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.Set;
import java.util.function.Consumer;

/// A span for each call to Stripe, below the request or the event that caused it.
record StripeSpans(Tracer tracer, String host) implements CallWatch {
    private static final Set<String> ANSWERED = Set.of("done", "declined", "refused");

    @Override
    public Consumer<String> begin(String method, String path) {
        Span span =
                tracer.spanBuilder(method + " " + kind(path))
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute("http.request.method", method)
                        .setAttribute("server.address", host)
                        .setAttribute("url.path", path)
                        .startSpan();
        return outcome -> {
            span.setAttribute("hearth.stripe.outcome", outcome);
            if (!ANSWERED.contains(outcome)) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        };
    }

    /// `/v1/refunds` of `/v1/refunds/re_1`: ids would make a name of each call.
    private static String kind(String path) {
        int end = path.indexOf('/', "/v1/".length());
        return end < 0 ? path : path.substring(0, end);
    }
}
