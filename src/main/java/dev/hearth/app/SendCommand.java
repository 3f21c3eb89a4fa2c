package dev.hearth.app;

import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.http.Headers;
import dev.hearth.webhook.SampleEvents;
import dev.hearth.webhook.SampleEvents.Sample;
import dev.hearth.webhook.Source;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Sends a made-up event, signed with the source's secret, to a running Hearth.
@Command(
        name = "send",
        description = {
            "Make a realistic event, sign it, and post it to the Hearth that runs with these settings:",
            "over HTTP, or where that is off straight over FastCGI."
        })
final class SendCommand implements Callable<Integer> {
    /// What types look like; anything else would break the JSON that it is put into.
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The source, such as stripe.")
    private String sourceName = "";

    @Parameters(
            index = "1",
            paramLabel = "TYPE",
            description = "The type of the event, such as payment_intent.succeeded.")
    private String type = "";

    @Override
    public Integer call() throws Exception {
        if (!TYPE.matcher(type).matches()) {
            throw new StartException(
                    ExitCode.USAGE, "a type has letters, digits, dots, - and _, was " + type);
        }
        Settings settings = Objects.requireNonNull(tool).settings(options);
        Source source = source(settings);
        Sample event = sample(source);
        Answer answer = post(settings, "/webhooks/" + sourceName, event);
        System.out.println(
                options.json()
                        ? Json.object(
                                "id",
                                event.id(),
                                "status",
                                answer.status(),
                                "answer",
                                answer.body().strip())
                        : "%s %s: %d %s"
                                .formatted(
                                        type, event.id(), answer.status(), answer.body().strip()));
        return answer.status() == 200 ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }

    private Sample sample(Source source) throws StartException {
        try {
            return new SampleEvents()
                    .make(source.scheme(), source.secrets().getFirst(), type, Instant.now());
        } catch (IllegalArgumentException unable) {
            throw new StartException(
                    ExitCode.CONFIG, "cannot sign: " + unable.getMessage(), unable);
        }
    }

    private Source source(Settings settings) throws StartException {
        List<Source> sources = Sources.of(settings, false);
        Source source =
                sources.stream()
                        .filter(each -> each.name().equals(sourceName))
                        .findFirst()
                        .orElseThrow(() ->
                                new StartException(
                                        ExitCode.CONFIG,
                                        "there is no source \"%s\"; there is %s"
                                                .formatted(
                                                        sourceName,
                                                        sources.stream()
                                                                .map(Source::name)
                                                                .toList())));
        if (!source.isReady()) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "the source %s has no secret to sign with; the first start of Hearth makes one in its data folder (%s)"
                            .formatted(sourceName, settings.data().toAbsolutePath().normalize()));
        }
        return source;
    }

    private static Answer post(Settings settings, String path, Sample event)
            throws StartException, InterruptedException {
        List<ListenAddress> addresses = Listeners.addresses(settings);
        String where =
                settings.http()
                        .map(http -> "http://" + http)
                        .orElseGet(() ->
                                addresses.isEmpty() ? "nowhere" : addresses.getFirst().toString());
        try {
            if (settings.http().isPresent()) {
                return overHttp(URI.create(where + path), event);
            }
            if (addresses.isEmpty()) {
                throw new IOException("neither HTTP nor FastCGI is configured");
            }
            return FastCgiCall.post(addresses.getFirst(), path, map(event.headers()), event.body());
        } catch (IOException unreachable) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "no Hearth answers at %s (%s); is it running with the same settings?"
                            .formatted(where, Reasons.of(unreachable)),
                    unreachable);
        }
    }

    private static Answer overHttp(URI uri, Sample event) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()));
        event.headers().forEach(request::header);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        }
    }

    private static Map<String, String> map(Headers headers) {
        Map<String, String> map = new LinkedHashMap<>();
        headers.forEach(map::put);
        return map;
    }
}
