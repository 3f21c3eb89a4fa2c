package dev.hearth.trace;

import dev.hearth.webhook.Event;
import dev.hearth.webhook.HandlerLayer;
import dev.hearth.webhook.InboxRecords;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A span for each run of an event's handler, commit included. Its parent is read from the stored event: the
/// request may have been another process's, or days ago.
record HandlerSpans(Tracer tracer, InboxRecords records) implements HandlerLayer {
    private static final Logger log = LoggerFactory.getLogger(HandlerSpans.class);

    @Override
    public boolean around(Event event, Run run) throws Exception {
        Span span =
                tracer.spanBuilder("handle " + event.source() + " " + event.type())
                        .setSpanKind(SpanKind.CONSUMER)
                        .setParent(Traceparent.read(stored(event), ""))
                        .setAttribute("messaging.operation.type", "process")
                        .setAttribute("messaging.message.id", event.id())
                        .setAttribute("hearth.event.source", event.source())
                        .setAttribute("hearth.event.type", event.type())
                        .setAttribute("hearth.event.attempt", (long) event.attempt())
                        .startSpan();
        try (Scope _ = span.makeCurrent()) {
            return run.call();
        } catch (Throwable failed) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", failed.getClass().getName()); // messages hold data
            throw failed;
        } finally {
            span.end();
        }
    }

    private String stored(Event event) {
        try {
            return records.traceparent(event.id()).orElse("");
        } catch (SQLException failed) { // the handler will meet the same, and say so
            log.debug("no trace for {}", event, failed);
            return "";
        }
    }
}
