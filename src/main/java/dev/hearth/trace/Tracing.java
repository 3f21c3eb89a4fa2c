package dev.hearth.trace;

import dev.hearth.http.Middleware;
import dev.hearth.jobs.JobLayer;
import dev.hearth.payment.CallWatch;
import dev.hearth.webhook.DeliveryWatch;
import dev.hearth.webhook.HandlerLayer;
import dev.hearth.webhook.InboxRecords;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Makes spans and sends them in batches, on a thread of its own, until closed. A collector that is away costs
/// spans and a line in the log, never a request.
public final class Tracing implements AutoCloseable {
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(5);

    /// How long the last spans may hold up the end of the process.
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);

    /// The library's own complaints would go past our log, and once for each batch; [ReportedExporter] tells of
    /// the same. Held here, for a logger that nobody holds forgets its level.
    private static final Logger LIBRARYS_LOG = Logger.getLogger("io.opentelemetry");

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final String stripe;

    private Tracing(SdkTracerProvider provider, String stripe) {
        this.provider = provider;
        this.tracer = provider.get("hearth");
        this.stripe = stripe;
    }

    /// Starts it. `stripe` is the host at which Stripe is called.
    public static Tracing start(TraceSettings settings, String stripe) {
        LIBRARYS_LOG.setLevel(Level.OFF);
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(settings.spansUrl())
                        .setTimeout(SEND_WITHIN)
                        .build();
        Resource resource =
                Resource.getDefault().toBuilder()
                        .put("service.name", settings.service())
                        .put("service.version", settings.version())
                        .build();
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(resource)
                        .setSampler(
                                Sampler.parentBased(Sampler.traceIdRatioBased(settings.sample())))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(
                                                new ReportedExporter(exporter, settings.spansUrl()))
                                        .setScheduleDelay(SEND_EVERY)
                                        .setExporterTimeout(SEND_WITHIN)
                                        .build())
                        .build();
        return new Tracing(provider, stripe);
    }

    /// The layer that makes a span of each request. Put it outside all others.
    public Middleware requests() {
        return new RequestSpans(tracer);
    }

    /// What makes a span of each run of an event's handler, in the trace of the request that brought the event.
    public HandlerLayer handlers(InboxRecords records) {
        return new HandlerSpans(tracer, records);
    }

    /// What makes a span of each run of a job, in the trace of whatever has put it off.
    public JobLayer jobs() {
        return new JobSpans(tracer);
    }

    /// What makes a span of each attempt to deliver a webhook of ours.
    public DeliveryWatch deliveries() {
        return new DeliverySpans(tracer);
    }

    /// What makes a span of each call to Stripe.
    public CallWatch calls() {
        return new StripeSpans(tracer, stripe);
    }

    /// Sends what is left, for a few seconds at most.
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
