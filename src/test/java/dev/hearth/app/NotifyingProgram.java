package dev.hearth.app;

import dev.hearth.Hearth;
import dev.hearth.http.Response;

/// A program that tells a partner of each order that it ships.
final class NotifyingProgram {
    private NotifyingProgram() {}

    static void main(String[] args) {
        Hearth.run(
                args,
                app ->
                        app.post(
                                "/ship",
                                _ ->
                                        Response.text(
                                                app.database()
                                                        .write(tx ->
                                                                app.notify(
                                                                        tx,
                                                                        "partner",
                                                                        "order.shipped",
                                                                        "{\"order\":\"A-17\"}")))));
    }
}
