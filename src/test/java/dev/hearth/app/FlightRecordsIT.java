package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeWebhook;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recording of a real process holds of its requests and its inbox.
class FlightRecordsIT {
    @TempDir Path folder;

    @Test
    void a_recording_holds_requests_by_route_and_commits_of_the_inbox() throws Exception {
        Path file = folder.resolve("hearth.jfr");
        try (HearthProcess hearth =
                        HearthProcess.in(folder)
                                .jvmFlags("-XX:StartFlightRecording:filename=" + file)
                                .start();
                HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    StripeWebhook.request(
                            hearth.uri("/webhooks/stripe"), StripeWebhook.event("evt_1")),
                    BodyHandlers.discarding());
            http.send(
                    HttpRequest.newBuilder(hearth.uri("/nowhere")).build(),
                    BodyHandlers.discarding());
            assertThat(hearth.stop()).isZero();
        }

        List<RecordedEvent> recorded = RecordingFile.readAllEvents(file);
        assertThat(named(recorded, "dev.hearth.Request"))
                .extracting(each -> each.getString("method"))
                .containsExactly("POST", "GET");
        assertThat(named(recorded, "dev.hearth.Request"))
                .extracting(each -> each.getString("route"))
                .containsExactly("/webhooks/{source}", "");
        assertThat(named(recorded, "dev.hearth.Request"))
                .extracting(each -> each.getInt("status"))
                .containsExactly(200, 404);
        assertThat(named(recorded, "dev.hearth.Request"))
                .allSatisfy(each -> assertThat(each.getDuration()).isPositive());
        assertThat(named(recorded, "dev.hearth.InboxCommit"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.getInt("events")).isOne();
                    assertThat(each.getDuration()).isPositive();
                });
    }

    private static List<RecordedEvent> named(List<RecordedEvent> all, String name) {
        return all.stream()
                .filter(each -> each.getEventType().getName().equals(name))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }
}
