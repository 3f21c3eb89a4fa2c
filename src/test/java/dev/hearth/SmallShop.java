package dev.hearth;

import dev.hearth.app.Application;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import dev.hearth.jobs.Later;
import dev.hearth.web.json.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An application for tests: items that are made, paid by a webhook, and asked for; reminders that are put off.
final class SmallShop {
    record NewItem(String name) {}

    record Item(long id, String name, boolean paid) {}

    record Reminder(String item) {}

    private final Application app;
    private final List<String> reminded = new ArrayList<>();

    private SmallShop(Application app) {
        this.app = app;
    }

    static void routes(Application app) {
        new SmallShop(app).setUp();
    }

    private void setUp() {
        app.database()
                .migrate(
                        """
                        CREATE TABLE item (
                            id   INTEGER PRIMARY KEY,
                            name TEXT    NOT NULL,
                            paid INTEGER NOT NULL DEFAULT 0)
                        """);
        Later<Reminder> remind =
                app.later(
                        "remind",
                        Reminder.class,
                        (reminder, _) -> {
                            if (reminder.item().equals("nobody")) {
                                throw new IOException("no such address");
                            }
                            reminded.add(reminder.item());
                        });
        app.post("/items", Json.accepting(NewItem.class).handler(201, Item.class, this::add));
        app.get("/items/{id}", Json.handler(Item.class, this::find));
        app.get("/reminded", _ -> Json.response(reminded));
        app.post(
                "/reminders/{item}",
                request ->
                        app.database()
                                .write(tx -> {
                                    String item = request.pathParameter("item");
                                    remind.after(Duration.ofDays(3), new Reminder(item), tx);
                                    return Response.status(202);
                                }));
        app.on(
                "stripe",
                "payment_intent.succeeded",
                (event, tx) -> {
                    if (event.text().contains("\"amount\":0")) {
                        throw new ArithmeticException("nothing was paid");
                    }
                    tx.update("UPDATE item SET paid = 1");
                });
        app.describe("Shop", "1");
    }

    private Response add(Request request, NewItem item) throws SQLException {
        long id =
                app.database()
                        .write(tx ->
                                tx.first(
                                                "INSERT INTO item (name) VALUES (?) RETURNING id",
                                                row -> row.number("id"),
                                                item.name())
                                        .orElseThrow());
        return Json.response(201, new Item(id, item.name(), false))
                .withHeader("Location", "/items/" + id);
    }

    private Optional<Item> find(Request request) throws SQLException {
        return app.database()
                .read(tx ->
                        tx.first(
                                "SELECT * FROM item WHERE id = ?",
                                row ->
                                        new Item(
                                                row.number("id"),
                                                row.text("name"),
                                                row.flag("paid")),
                                Long.parseLong(request.pathParameter("id"))));
    }
}
