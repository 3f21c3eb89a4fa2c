package dev.hearth.trace;

import dev.hearth.Hearth;
import dev.hearth.jobs.Later;
import java.time.Duration;

/// A program whose webhooks leave work for later, which tells a partner.
final class TracedProgram {
    private TracedProgram() {}

    record Parcel(String event) {}

    static void main(String[] args) {
        Hearth.run(
                args,
                app -> {
                    Later<Parcel> ship =
                            app.later(
                                    "ship",
                                    Parcel.class,
                                    (parcel, _) ->
                                            app.database()
                                                    .write(tx ->
                                                            app.notify(
                                                                    tx,
                                                                    "partner",
                                                                    "order.shipped",
                                                                    "{\"event\":\"%s\"}"
                                                                            .formatted(
                                                                                    parcel
                                                                                            .event()))));
                    app.every("sweep", Duration.ofHours(1), _ -> {});
                    app.on(
                            "stripe",
                            "payment_intent.succeeded",
                            (event, tx) -> ship.now(new Parcel(event.id()), tx));
                });
    }
}
