package dev.hearth.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Stripe-like events of about 2 KB, each with an id of its own and a signature of the time it was made.
///
/// They are made before the window into one block of memory; when more are asked for than were made, the next ones are
/// made on the spot, so that none is ever sent twice.
public final class SignedEvents implements Call.Source {

    private final String target;
    private final String secret;
    private final String run;
    private final Expectation expected;
    private final AtomicInteger next = new AtomicInteger();
    private Call[] made = new Call[0];
    private int start;

    /// @param target the path to post to
    /// @param run makes the ids of this run different from those of others
    public SignedEvents(String target, String secret, String run) {
        this(target, secret, run, Expectation.of(200));
    }

    /// @param expected what must be answered to each of them
    public SignedEvents(String target, String secret, String run, Expectation expected) {
        this.target = target;
        this.secret = secret;
        this.run = run;
        this.expected = expected;
    }

    /// Makes this many ahead of time, signed now. Not to be called while load runs.
    public void prepare(int count) {
        byte[] first = wire(next.get());
        // Ids grow by a digit now and then.
        ByteBuffer block = ByteBuffer.allocateDirect(count * (first.length + 32));
        Call[] calls = new Call[count];
        int from = next.get();
        for (int i = 0; i < count; i++) {
            byte[] wire = wire(from + i);
            int start = block.position();
            block.put(wire);
            calls[i] = new Call(block.slice(start, wire.length), expected);
        }
        made = calls;
        start = from;
    }

    /// What the ids of this run begin with.
    public String run() {
        return run;
    }

    @Override
    public Call next() {
        int number = next.getAndIncrement();
        int index = number - start;
        Call[] calls = made;
        return index < calls.length ? calls[index] : Call.of(wire(number), expected);
    }

    private byte[] wire(int number) {
        byte[] body = body(number).getBytes(StandardCharsets.US_ASCII);
        long now = System.currentTimeMillis() / 1000;
        byte[] head =
                """
                POST %s HTTP/1.1\r
                Host: shop.example\r
                User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r
                Accept: */*; q=0.5, application/xml\r
                Content-Type: application/json; charset=utf-8\r
                Stripe-Signature: t=%d,v1=%s\r
                Content-Length: %d\r
                \r
                """
                        .formatted(target, now, signature(now, body), body.length)
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] wire = new byte[head.length + body.length];
        System.arraycopy(head, 0, wire, 0, head.length);
        System.arraycopy(body, 0, wire, head.length, body.length);
        return wire;
    }

    private String signature(long time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JVM has HmacSHA256", impossible);
        }
    }

    private String body(int number) {
        return """
        {
          "id": "evt_%s%08d",
          "object": "event",
          "api_version": "2025-03-31.basil",
          "created": %d,
          "data": {
            "object": {
              "id": "pi_%s%08d",
              "object": "payment_intent",
              "amount": 2499,
              "amount_capturable": 0,
              "amount_details": {"tip": {}},
              "amount_received": 2499,
              "application": null,
              "application_fee_amount": null,
              "automatic_payment_methods": {"allow_redirects": "always", "enabled": true},
              "canceled_at": null,
              "cancellation_reason": null,
              "capture_method": "automatic_async",
              "client_secret": "pi_%s%08d_secret_not_a_real_one",
              "confirmation_method": "automatic",
              "created": %d,
              "currency": "eur",
              "customer": "cus_QfPz0000example",
              "description": "Order 4711: two cakes, one with a candle, to be delivered on Saturday",
              "last_payment_error": null,
              "latest_charge": "ch_%s%08d",
              "livemode": false,
              "metadata": {"order": "4711", "shop": "bakery", "delivery": "saturday", "note": "ring twice"},
              "next_action": null,
              "on_behalf_of": null,
              "payment_method": "pm_1Qexample0000000000000",
              "payment_method_configuration_details": {"id": "pmc_1Qexample", "parent": null},
              "payment_method_options": {"card": {"installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic"}},
              "payment_method_types": ["card", "link", "paypal", "sepa_debit"],
              "processing": null,
              "receipt_email": "customer@shop.example",
              "setup_future_usage": null,
              "shipping": {"address": {"city": "Zurich", "country": "CH", "line1": "Bahnhofstrasse 1", "line2": null, "postal_code": "8001", "state": null}, "carrier": null, "name": "A Customer", "phone": null, "tracking_number": null},
              "source": null,
              "statement_descriptor": null,
              "status": "succeeded",
              "transfer_data": null,
              "transfer_group": null
            }
          },
          "livemode": false,
          "pending_webhooks": 1,
          "request": {"id": "req_%s%08d", "idempotency_key": "order-4711-%08d"},
          "type": "payment_intent.succeeded"
        }
        """
                .formatted(
                        run,
                        number,
                        System.currentTimeMillis() / 1000,
                        run,
                        number,
                        run,
                        number,
                        System.currentTimeMillis() / 1000,
                        run,
                        number,
                        run,
                        number,
                        number);
    }
}
