package dev.hearth.app;

import dev.hearth.app.Delivery.Tally;
import dev.hearth.webhook.SampleEvents;
import dev.hearth.webhook.SampleEvents.Sample;
import dev.hearth.webhook.Secret;
import dev.hearth.webhook.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Sends made-up events, signed with the source's secret, to a running Hearth.
@Command(
        name = "send",
        description = {
            "Make realistic events, sign them, and post them to the Hearth that runs with these"
                    + " settings:",
            "over HTTP, or where that is off straight over FastCGI."
        })
final class SendCommand implements Callable<Integer> {
    /// What types look like; anything else would break the JSON that it is put into.
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    /// Older than any scheme accepts.
    private static final Duration STALE = Duration.ofMinutes(10);

    /// Events in memory at once.
    private static final int MOST_AT_ONCE = 10_000;

    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The source, such as stripe.")
    private String sourceName = "";

    @Parameters(
            index = "1",
            paramLabel = "TYPE",
            description = "The type of the events, such as payment_intent.succeeded.")
    private String type = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            description = "So many events; default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "So many at once; default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(names = "--duplicate", description = "Send each event twice.")
    private boolean duplicate;

    @Option(
            names = "--shuffle",
            description = "Send them in another order than they are created in.")
    private boolean shuffle;

    @Option(names = "--stale", description = "Sign them as of ten minutes ago.")
    private boolean stale;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "Sign with the key in this file, not with the source's secret: for ed25519, whose sender"
                            + " has a private key of its own (whsk_…).")
    private @Nullable Path keyFile;

    @Option(names = "--tamper", description = "Change a byte of each body after it was signed.")
    private boolean tamper;

    private @Nullable Secret key; // what the events are signed with

    @Override
    public Integer call() throws Exception {
        check();
        Settings settings = Objects.requireNonNull(tool).settings(options);
        Source source = source(settings);
        if (stale && !source.scheme().signsTime()) {
            throw new StartException(
                    ExitCode.USAGE,
                    "--stale: the sender of the source %s signs no time, so that nothing of it is ever stale"
                            .formatted(sourceName));
        }
        key = key(source, settings);
        try (Delivery delivery = Delivery.to(settings, "/webhooks/" + sourceName)) {
            return count == 1 && !duplicate
                    ? sendOne(delivery, source)
                    : sendMany(delivery, source);
        }
    }

    private void check() throws StartException {
        if (!TYPE.matcher(type).matches()) {
            throw new StartException(
                    ExitCode.USAGE, "a type has letters, digits, dots, - and _, was " + type);
        }
        if (count < 1 || concurrency < 1 || concurrency > 1_000) {
            throw new StartException(
                    ExitCode.USAGE, "--count is at least 1, and --concurrency 1 to 1000");
        }
    }

    private int sendOne(Delivery delivery, Source source) throws Exception {
        Sample event = sample(source, new SampleEvents(), Instant.now());
        Answer answer = delivery.post(event);
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
        return exitCode(answer.status() == 200 ? 1 : 0, answer.status() == 200 ? 0 : 1);
    }

    private int sendMany(Delivery delivery, Source source) throws Exception {
        SampleEvents events = new SampleEvents();
        Tally tally = new Tally();
        Progress progress = new Progress("events sent");
        for (int left = count; left > 0; left -= MOST_AT_ONCE) {
            List<Sample> batch = new ArrayList<>();
            for (int i = 0; i < Math.min(left, MOST_AT_ONCE); i++) {
                Sample event = sample(source, events, Instant.now());
                batch.add(event);
                if (duplicate) {
                    batch.add(event);
                }
            }
            if (shuffle) {
                Collections.shuffle(batch);
            }
            delivery.postAll(batch, concurrency, tally, progress);
        }
        System.out.print(options.json() ? Json.object(tally.members()) + "\n" : tally.text());
        return exitCode(tally.accepted() + tally.duplicates(), tally.notAccepted());
    }

    /// Good where the receiver did what it should: accept all, or nothing of what is forged.
    private int exitCode(long accepted, long notAccepted) {
        long wrong = stale || tamper ? accepted : notAccepted;
        return (wrong == 0 ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private Sample sample(Source source, SampleEvents events, Instant now) throws StartException {
        try {
            Sample event =
                    events.make(
                            source.scheme(),
                            Objects.requireNonNull(key),
                            type,
                            stale ? now.minus(STALE) : now);
            return tamper ? tampered(event) : event;
        } catch (IllegalArgumentException unable) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "cannot sign: %s%s"
                            .formatted(
                                    unable.getMessage(),
                                    keyFile == null ? "; --key names a file with another" : ""),
                    unable);
        }
    }

    /// One digit of the body is another, so that it stays JSON: only the signature can tell.
    private static Sample tampered(Sample event) {
        byte[] body = event.body().clone();
        for (int i = 0; i < body.length; i++) {
            if (body[i] >= '1' && body[i] <= '8') {
                body[i]++;
                break;
            }
        }
        return new Sample(event.id(), event.headers(), body);
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
        return source;
    }

    private Secret key(Source source, Settings settings) throws StartException {
        if (keyFile != null) {
            return key(keyFile);
        }
        if (!source.isReady()) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "the source %s has no secret to sign with; the first start of Hearth makes one in its data folder (%s)"
                            .formatted(sourceName, settings.data().toAbsolutePath().normalize()));
        }
        return source.secrets().getFirst();
    }

    private static Secret key(Path file) throws StartException {
        try {
            return Secret.of(Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new StartException(
                    ExitCode.NO_INPUT,
                    "cannot read the key in %s: %s".formatted(file, Reasons.of(unreadable)),
                    unreadable);
        } catch (IllegalArgumentException empty) {
            throw new StartException(
                    ExitCode.NO_INPUT, "the file %s holds no key".formatted(file), empty);
        }
    }
}
