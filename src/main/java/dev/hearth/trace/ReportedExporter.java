package dev.hearth.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log once when spans cannot be sent, and once when they can be again.
final class ReportedExporter implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(ReportedExporter.class);

    private final SpanExporter exporter;
    private final String url;
    private final AtomicBoolean failing = new AtomicBoolean();

    ReportedExporter(SpanExporter exporter, String url) {
        this.exporter = exporter;
        this.url = url;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> report(result));
    }

    private void report(CompletableResultCode result) {
        boolean failed = !result.isSuccess();
        if (failing.getAndSet(failed) == failed) {
            return;
        }
        if (failed) {
            log.warn(
                    "traces cannot be sent to {} and are lost: {}",
                    url,
                    String.valueOf(result.getFailureThrowable()));
        } else {
            log.info("traces are sent to {} again", url);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
