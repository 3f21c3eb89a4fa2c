package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.http.Headers;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes events as each sender would send them, signed: for trying a receiver out without the sender.
///
/// Numbers are put into JSON as `%s`, since `%d` has the digits of the locale.
public final class SampleEvents {

    /// An event ready to be posted.
    ///
    /// @param id the sender's id of it
    @SuppressWarnings("ArrayRecordComponent") // posted once, compared by nobody
    public record Sample(String id, Headers headers, byte[] body) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ID_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// What Stripe calls the object of a type of event, by the beginning of the type.
    private static final Map<String, String> STRIPE_PREFIXES =
            Map.of(
                    "payment_intent", "pi_",
                    "charge.dispute", "dp_",
                    "charge", "ch_",
                    "checkout.session", "cs_test_",
                    "refund", "re_",
                    "payout", "po_",
                    "invoice", "in_",
                    "customer.subscription", "sub_",
                    "customer", "cus_");

    private final RandomGenerator random;

    /// Events with ids that nobody has used.
    public SampleEvents() {
        this(new SecureRandom());
    }

    SampleEvents(RandomGenerator random) {
        this.random = random;
    }

    /// An event of this type as the scheme's sender would send it now, with the bytes of a JSON object.
    ///
    /// @throws IllegalArgumentException if nothing can be signed with this secret
    public Sample make(Scheme scheme, Secret secret, String type, Instant now) {
        return switch (scheme) {
            case StripeScheme stripe -> {
                String id = "evt_" + letters(24);
                yield signed(
                        stripe,
                        secret,
                        id,
                        type,
                        stripe(id, type, stripeObject(type, now), now),
                        now);
            }
            case GitHubScheme github ->
                    signed(github, secret, uuid(), type, github(type, now), now);
            case StandardScheme standard ->
                    signed(
                            standard,
                            secret,
                            "msg_" + letters(27),
                            type,
                            standard(type, standardObject(), now),
                            now);
            case Ed25519Scheme ed25519 ->
                    signed(
                            ed25519,
                            secret,
                            "msg_" + letters(27),
                            type,
                            standard(type, standardObject(), now),
                            now);
            case ShopifyScheme shopify -> signed(shopify, secret, uuid(), type, shopify(now), now);
            case SlackScheme slack -> {
                String id = "Ev" + letters(9).toUpperCase(Locale.ROOT);
                yield signed(slack, secret, id, type, slack(id, slackObject(type), now), now);
            }
            case HmacScheme hmac -> {
                String id = "reading-" + letters(12);
                yield signed(hmac, secret, id, type, reading(hmac, id, type, now), now);
            }
        };
    }

    /// As [#make], about something of one's own: of Stripe's events the member `data.object`, of Standard
    /// Webhooks' `data`, of Slack's `event`; of all others the whole body.
    ///
    /// @param json a JSON object
    /// @throws IllegalArgumentException if it is none, nothing can be signed with this secret, or the receiver would
    ///     not read this type in it
    public Sample about(Scheme scheme, Secret secret, String type, String json, Instant now) {
        if (!type.matches("[^\"\\\\\\p{Cntrl}]+")) { // it stands in JSON and in headers
            throw new IllegalArgumentException(
                    "a type is a name without quotes, backslashes and control characters");
        }
        ObjectNode about = object(json);
        String id = scheme instanceof StripeScheme ? "evt_" + letters(24) : uuid();
        String body =
                switch (scheme) {
                    case StripeScheme _ -> stripe(id, type, about.toString(), now);
                    case StandardScheme _, Ed25519Scheme _ -> standard(type, about.toString(), now);
                    case SlackScheme _ ->
                            slack("Ev" + letters(9), about.put("type", type).toString(), now);
                    case GitHubScheme _, ShopifyScheme _, HmacScheme _ -> json;
                };
        Sample sample = signed(scheme, secret, id, type, body, now);
        String read = typeOf(scheme, sample);
        if (!read.equals(type)) {
            throw new IllegalArgumentException(
                    "the type %s was asked for, and the receiver would read %s"
                            .formatted(type, read));
        }
        return sample;
    }

    private static ObjectNode object(String json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("an event is about a JSON object", malformed);
        }
        throw new IllegalArgumentException("an event is about a JSON object");
    }

    private static String typeOf(Scheme scheme, Sample sample) {
        try {
            return scheme.head(sample.headers(), sample.body()).type();
        } catch (UnreadableEventException unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage(), unreadable);
        }
    }

    private static Sample signed(
            Scheme scheme, Secret secret, String id, String type, String json, Instant now) {
        byte[] body = json.getBytes(UTF_8);
        Headers headers =
                scheme.sign(secret, id, type, body, now)
                        .with("Content-Type", "application/json")
                        .with("User-Agent", "hearth-send");
        return new Sample(id, headers, body);
    }

    private String stripe(String id, String type, String object, Instant now) {
        long time = now.getEpochSecond();
        return """
        {
          "id": "%s",
          "object": "event",
          "api_version": "2026-08-27.basil",
          "created": %s,
          "data": {
            "object": %s
          },
          "livemode": false,
          "pending_webhooks": 1,
          "request": {
            "id": "req_%s",
            "idempotency_key": "%s"
          },
          "type": "%s"
        }
        """
                .formatted(id, time, object, letters(14), uuid(), type)
                .strip();
    }

    private String stripeObject(String type, Instant now) {
        long time = now.getEpochSecond();
        int lastDot = type.lastIndexOf('.');
        String kind = lastDot < 0 ? type : type.substring(0, lastDot);
        String object = kind.equals("charge.dispute") ? "dispute" : kind;
        object = object.equals("customer.subscription") ? "subscription" : object;
        String action = type.substring(lastDot + 1);
        return """
        {
          "id": "%s",
          "object": "%s",
          "amount": 1999,
          "amount_received": %s,
          "currency": "eur",
          "created": %s,
          "customer": null,
          "description": "Sample order",
          "latest_charge": "ch_%s",
          "livemode": false,
          "metadata": {
            "order_ref": "sample-%s"
          },
          "payment_intent": "pi_%s",
          "payment_method_types": ["card"],
          "status": "%s"
        }\
        """
                .formatted(
                        prefix(kind) + letters(24),
                        object,
                        action.equals("succeeded") ? 1999 : 0,
                        time,
                        letters(24),
                        letters(8),
                        letters(24),
                        status(kind, action))
                .strip();
    }

    private static String prefix(String kind) {
        return STRIPE_PREFIXES.getOrDefault(kind, "obj_");
    }

    private static String status(String kind, String action) {
        return switch (kind + "." + action) {
            case "payment_intent.payment_failed", "payment_intent.created" ->
                    "requires_payment_method";
            case "payment_intent.amount_capturable_updated" -> "requires_capture";
            case "checkout.session.completed" -> "complete";
            case "charge.dispute.created" -> "needs_response";
            case "refund.created" -> "pending";
            default -> action;
        };
    }

    private String github(String type, Instant now) {
        return """
        {"action":"opened","repository":{"id":%s,"full_name":"octo/sample"},"sender":{"login":"octocat"},"sent_at":"%s","event":"%s"}\
        """
                .formatted(1_000_000 + random.nextInt(9_000_000), now, type);
    }

    private static String standard(String type, String data, Instant now) {
        return """
        {"type":"%s","timestamp":"%s","data":%s}\
        """
                .formatted(type, now, data);
    }

    private String standardObject() {
        return """
        {"id":"%s","amount":1999,"currency":"eur"}\
        """
                .formatted(letters(12));
    }

    private String shopify(Instant now) {
        return """
        {"id":%s,"name":"#1001","total_price":"19.99","currency":"EUR","created_at":"%s","financial_status":"paid"}\
        """
                .formatted(1_000_000_000L + random.nextInt(1_000_000_000), now);
    }

    private static String slack(String id, String event, Instant now) {
        return """
        {"type":"event_callback","event_id":"%s","event_time":%s,"team_id":"T0SAMPLE","event":%s}\
        """
                .formatted(id, now.getEpochSecond(), event);
    }

    private static String slackObject(String type) {
        return """
        {"type":"%s","user":"U0SAMPLE","text":"hello"}\
        """
                .formatted(type);
    }

    /// With what the source looks for in bodies where it looks for it.
    private String reading(HmacScheme hmac, String id, String type, Instant now) {
        ObjectNode reading = JSON.createObjectNode();
        reading.put("id", id).put("type", type).put("device", "press-7");
        reading.put("time", now.toString()).put("temperature", 20 + random.nextInt(60));
        putAt(hmac.object(), "press-7", reading);
        putAt(hmac.type(), type, reading);
        putAt(hmac.id(), id, reading);
        return reading.toString();
    }

    private static void putAt(Optional<HmacScheme.Place> place, String value, ObjectNode root) {
        if (place.isEmpty() || !(place.get() instanceof HmacScheme.Place.Pointer(String pointer))) {
            return;
        }
        String[] members = JsonFields.members(pointer);
        ObjectNode node = root;
        for (int i = 0; i < members.length - 1; i++) {
            node =
                    node.get(members[i]) instanceof ObjectNode inner
                            ? inner
                            : node.putObject(members[i]);
        }
        node.put(members[members.length - 1], value);
    }

    private String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        }
        return letters.toString();
    }

    private String uuid() {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
