/// Traces for those who configure where to send them: a span for each request, each run of an event's handler and
/// each call to Stripe, sent by OTLP. The only place that knows OpenTelemetry; where no endpoint is configured nothing
/// of this package is loaded. Imports `http`, `web`, `webhook` and `payment`.
@NullMarked
package dev.hearth.trace;

import org.jspecify.annotations.NullMarked;
