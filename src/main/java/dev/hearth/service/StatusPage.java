package dev.hearth.service;

import dev.hearth.http.AddressRange;
import dev.hearth.http.Handler;
import dev.hearth.http.LogText;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.service.RunningRequests.Running;
import java.util.List;
import java.util.function.Supplier;

/// Shows operators what this process is doing: text, `?json` or `?openmetrics`, and with `full` every request in
/// progress. Those whose address is not allowed learn not even that there is such a page.
///
/// Numbers are formatted as `%s`: programs read them, and `%d` has the digits of the locale.
///
/// A request whose handler has returned is not in progress, though its body may still be on its way.
public final class StatusPage implements Handler {
    private final Supplier<ProcessState> states;
    private final Supplier<List<AddressRange>> allowed;

    public StatusPage(Supplier<ProcessState> states, Supplier<List<AddressRange>> allowed) {
        this.states = states;
        this.allowed = allowed;
    }

    @Override
    public Response handle(Request request) {
        String client = request.remoteAddress();
        if (allowed.get().stream().noneMatch(range -> range.contains(client))) {
            return Problem.of(404, "not-found", "There is nothing here.").toResponse();
        }
        ProcessState state = states.get();
        boolean full = request.query().first("full").isPresent();
        Response answer;
        if (request.query().first("json").isPresent()) {
            answer = Response.json(200, json(state, full));
        } else if (request.query().first("openmetrics").isPresent()) {
            answer =
                    Response.text(metrics(state))
                            .withHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        } else {
            answer = Response.text(text(state, full));
        }
        return answer.withHeader("Cache-Control", "no-store");
    }

    private static String text(ProcessState state, boolean full) {
        StringBuilder text = new StringBuilder(400);
        line(text, "name", state.name());
        line(text, "pid", state.pid());
        line(text, "start time", state.started());
        line(text, "start since", state.uptime().toSeconds());
        line(text, "accepted requests", state.requests());
        line(text, "active requests", state.running().size());
        line(text, "threads", state.threads());
        line(text, "heap bytes", state.heapBytes());
        line(text, "heap max bytes", state.heapMaxBytes());
        state.counts().forEach((name, count) -> line(text, name.replace('_', ' '), count));
        if (full) {
            for (Running each : state.running()) {
                text.append("************************\n");
                line(text, "request", each.number());
                line(text, "request method", LogText.escape(each.method()));
                line(text, "request path", LogText.escape(each.path()));
                line(text, "script", LogText.escape(each.route()));
                line(text, "client", LogText.escape(each.client()));
                line(text, "request duration", each.nanos() / 1_000);
                line(text, "thread", each.thread().getName());
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("%-26s %s\n".formatted(name + ":", value));
    }

    private static String json(ProcessState state, boolean full) {
        StringBuilder json = new StringBuilder(400);
        json.append(
                """
                {"name":"%s","pid":%s,"start_time":"%s","start_since":%s,"accepted_requests":%s,\
                "active_requests":%s,"threads":%s,"heap_bytes":%s,"heap_max_bytes":%s\
                """
                        .formatted(
                                LogText.escape(state.name()),
                                state.pid(),
                                state.started(),
                                state.uptime().toSeconds(),
                                state.requests(),
                                state.running().size(),
                                state.threads(),
                                state.heapBytes(),
                                state.heapMaxBytes()));
        state.counts().forEach((name, count) -> json.append(",\"%s\":%s".formatted(name, count)));
        if (full) {
            json.append(",\"requests\":[");
            String comma = "";
            for (Running each : state.running()) {
                json.append(comma).append(json(each));
                comma = ",";
            }
            json.append(']');
        }
        return json.append("}\n").toString();
    }

    private static String json(Running request) {
        return """
        {"request":%s,"method":"%s","path":"%s","script":"%s","client":"%s","duration_micros":%s,"thread":"%s"}\
        """
                .formatted(
                        request.number(),
                        LogText.escape(request.method()),
                        LogText.escape(request.path()),
                        LogText.escape(request.route()),
                        LogText.escape(request.client()),
                        request.nanos() / 1_000,
                        LogText.escape(request.thread().getName()));
    }

    private static String metrics(ProcessState state) {
        StringBuilder text = new StringBuilder(600);
        metric(text, "start_time_seconds", "gauge", state.started().getEpochSecond());
        metric(text, "accepted_requests_total", "counter", state.requests());
        metric(text, "active_requests", "gauge", state.running().size());
        metric(text, "threads", "gauge", state.threads());
        metric(text, "heap_bytes", "gauge", state.heapBytes());
        metric(text, "heap_max_bytes", "gauge", state.heapMaxBytes());
        state.counts()
                .forEach((name, count) ->
                        metric(text, name, name.endsWith("_total") ? "counter" : "gauge", count));
        return text.toString();
    }

    private static void metric(StringBuilder text, String name, String type, long value) {
        text.append("# TYPE hearth_%s %s\nhearth_%s %s\n".formatted(name, type, name, value));
    }
}
