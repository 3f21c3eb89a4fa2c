package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.hearth.http.Headers;
import dev.hearth.webhook.Verification.Reason;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The three headers of Standard Webhooks, under their own names or those of Svix.
sealed interface StandardHeaders {
    String ID = "webhook-id";
    String TIME = "webhook-timestamp";
    String SIGNATURE = "webhook-signature";

    /// More signatures than a sender has secrets are not worth computing.
    int MAX_SIGNATURES = 16;

    /// The signed text is `id.timestamp.body`: with a dot in the id, two messages could share one text.
    Pattern VALID_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /// Headers as they should be; what was signed is the prefix and then the body.
    @SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
    record Signed(byte[] prefix, List<String> signatures) implements StandardHeaders {}

    /// Headers that cannot be believed.
    record Wrong(Reason reason) implements StandardHeaders {}

    static StandardHeaders read(Headers headers, Instant now) {
        String names = headers.contains(ID) ? "webhook-" : "svix-";
        List<String> ids = headers.all(names + "id");
        List<String> times = headers.all(names + "timestamp");
        List<String> signatures = headers.all(names + "signature");
        if (ids.isEmpty() || times.isEmpty() || signatures.isEmpty()) {
            return new Wrong(Reason.MISSING);
        }
        String id = ids.getFirst();
        OptionalLong seconds = SignedTime.parse(times.getFirst());
        String[] each = signatures.getFirst().split(" ", MAX_SIGNATURES + 1);
        if (ids.size() + times.size() + signatures.size() > 3
                || !VALID_ID.matcher(id).matches()
                || seconds.isEmpty()
                || each.length > MAX_SIGNATURES) {
            return new Wrong(Reason.MALFORMED);
        }
        if (!SignedTime.isFresh(seconds.getAsLong(), now)) {
            return new Wrong(Reason.STALE);
        }
        String prefix = id + "." + times.getFirst() + ".";
        return new Signed(prefix.getBytes(US_ASCII), List.of(each));
    }

    /// The id of a request whose headers were verified.
    static String id(Headers headers) {
        return headers.first(ID).orElseGet(() -> RequiredHeader.of(headers, "svix-id"));
    }

    /// What is signed before the body.
    static String prefix(String id, Instant now) {
        return id + "." + now.getEpochSecond() + ".";
    }

    /// The three headers of a message.
    static Headers of(String id, Instant now, String signatures) {
        return Headers.of(ID, id)
                .with(TIME, Long.toString(now.getEpochSecond()))
                .with(SIGNATURE, signatures);
    }
}
