/// Traces for those who configure where to send them: a span for each request, each run of an event's handler or of a
/// job, each webhook of ours and each call to Stripe, sent by OTLP. The only place that knows OpenTelemetry; where no
/// endpoint is configured nothing of this package is loaded. Imports `http`, `web`, `jobs`, `webhook` and `payment`.
@NullMarked
package dev.hearth.trace;

import org.jspecify.annotations.NullMarked;
