package dev.hearth.trace;

import dev.hearth.webhook.DeliveryWatch;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.function.Consumer;

/// A span for each attempt to deliver a webhook of ours, in the trace of what has written it. The receiver is not told
/// of the trace: it is somebody else.
record DeliverySpans(Tracer tracer) implements DeliveryWatch {

    @Override
    public String origin() {
        return Traceparent.ofCurrent();
    }

    @Override
    public Consumer<String> begin(Attempt attempt) {
        Span span =
                tracer.spanBuilder("deliver " + attempt.endpoint())
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(Traceparent.read(attempt.origin(), ""))
                        .setAttribute("http.request.method", "POST")
                        .setAttribute("server.address", attempt.host())
                        .setAttribute("messaging.message.id", attempt.id())
                        .setAttribute("hearth.delivery.endpoint", attempt.endpoint())
                        .setAttribute("hearth.delivery.attempt", (long) attempt.number())
                        .startSpan();
        return outcome -> {
            span.setAttribute("hearth.delivery.outcome", outcome);
            if (!outcome.startsWith("2")) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        };
    }
}
