package dev.hearth.trace;

import dev.hearth.jobs.JobLayer;
import dev.hearth.jobs.JobRun;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/// A span for each run of a job. Work that was put off goes on in the trace of the request, the event or the job that
/// did so; a job that comes back by itself begins one.
record JobSpans(Tracer tracer) implements JobLayer {

    @Override
    public String origin() {
        return Traceparent.ofCurrent();
    }

    @Override
    public void around(JobRun run, String origin, Work work) throws Exception {
        Span span =
                tracer.spanBuilder("job " + run.name())
                        .setSpanKind(origin.isEmpty() ? SpanKind.INTERNAL : SpanKind.CONSUMER)
                        .setParent(Traceparent.read(origin, ""))
                        .setAttribute("hearth.job.name", run.name())
                        .setAttribute("hearth.job.instance", run.instance())
                        .setAttribute("hearth.job.attempt", (long) run.attempt())
                        .startSpan();
        try (Scope _ = span.makeCurrent()) {
            work.call();
        } catch (Throwable failed) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", failed.getClass().getName()); // messages hold data
            throw failed;
        } finally {
            span.end();
        }
    }
}
