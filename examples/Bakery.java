// A bakery: cakes are ordered by JSON, paid through Stripe, and baked once Stripe's webhook says that they are paid.
//
//   HEARTH_STRIPE_API_KEY=sk_test_… HEARTH_WEBHOOK_STRIPE_SECRET=whsec_… bin/hearth run examples/Bakery.java
//   curl -H 'Content-Type: application/json' http://127.0.0.1:8080/orders \
//        -d '{"email":"ada@example.org","lines":[{"cake":"sacher","quantity":2}]}'
//
// The answer has `pay`, the page where the buyer pays. Documentation is at /docs.
import am.ik.yavi.builder.ValidatorBuilder;
import am.ik.yavi.core.Validator;
import dev.hearth.Hearth;
import dev.hearth.http.Problem;
import dev.hearth.payment.Currency;
import dev.hearth.payment.Money;
import dev.hearth.payment.PaymentState;
import dev.hearth.payment.Sale;
import dev.hearth.web.json.Json;
import dev.hearth.web.json.JsonReader;

record Cake(String name, String title, long cents) {}

record Line(String cake, int quantity) {}

record NewOrder(String email, List<Line> lines) {}

record Order(String id, String email, long cents, String state, Instant orderedAt) {}

record Placed(String id, long cents, Optional<String> pay) {}

record Baking(String order) {}

final Currency EURO = Currency.of("eur");

final Validator<Line> lineRules = ValidatorBuilder.<Line>of()
        .constraint(Line::cake, "cake", cake -> cake.notBlank())
        .constraint(Line::quantity, "quantity", quantity -> quantity.greaterThan(0).lessThanOrEqual(20))
        .build();

final JsonReader<NewOrder> newOrders = Json.accepting(NewOrder.class).checkedBy(
        ValidatorBuilder.<NewOrder>of()
                .constraint(NewOrder::email, "email", email -> email.notBlank().email())
                .constraint(NewOrder::lines, "lines", lines -> lines.notEmpty().lessThanOrEqual(10))
                .forEach(NewOrder::lines, "lines", lineRules)
                .build());

void main(String[] args) {
    Hearth.run(args, app -> {
        var database = app.database();
        database.migrate("""
                CREATE TABLE cake (name TEXT PRIMARY KEY, title TEXT NOT NULL, cents BIGINT NOT NULL);
                INSERT INTO cake VALUES ('sacher', 'Sachertorte', 3900), ('streusel', 'Streuselkuchen', 1450);
                CREATE TABLE cake_order (
                    id         TEXT   PRIMARY KEY,
                    email      TEXT   NOT NULL,
                    cents      BIGINT NOT NULL,
                    state      TEXT   NOT NULL,
                    ordered_at BIGINT NOT NULL
                );
                CREATE TABLE cake_order_line (
                    order_id TEXT    NOT NULL REFERENCES cake_order (id),
                    cake     TEXT    NOT NULL REFERENCES cake (name),
                    quantity INTEGER NOT NULL
                );
                """);

        app.describe("Bakery", "1");

        app.get("/cakes", Json.handler(Cake[].class, request ->
                database.read(tx -> tx.query(Cake.class, "SELECT * FROM cake ORDER BY cents"))));

        app.post("/orders", newOrders.handler(201, Placed.class, (request, asked) -> {
            // Prices are ours: what a browser sends is a cake and a number.
            var order = database.write(tx -> {
                long cents = 0;
                for (var line : asked.lines()) {
                    cents += line.quantity() * tx.first(Long.class, "SELECT cents FROM cake WHERE name = ?", line.cake())
                            .orElseThrow(() -> Problem.of(422, "no-such-cake", "We do not bake \"" + line.cake() + "\".").refuse());
                }
                var placed = new Order(UUID.randomUUID().toString(), asked.email(), cents, "waiting", Instant.now());
                tx.update("INSERT INTO cake_order VALUES (:id, :email, :cents, :state, :orderedAt)", placed);
                for (var line : asked.lines()) {
                    tx.update("INSERT INTO cake_order_line VALUES (?, ?, ?)", placed.id(), line.cake(), line.quantity());
                }
                return placed;
            });
            // Not in the transaction: nobody should wait for Stripe with the database locked.
            var payment = app.payments().checkout(
                    Sale.of(order.id(), Money.of(order.cents(), EURO)).describedAs("Cakes").to(order.email()), request);
            return new Placed(order.id(), order.cents(), payment.url());
        }));

        app.get("/orders/{id}", Json.handler(Order.class, request -> database.read(tx ->
                tx.first(Order.class, "SELECT * FROM cake_order WHERE id = ?", request.pathParameter("id")))));

        var bake = app.later("bake", Baking.class, (baking, run) -> database.write(tx ->
                tx.update("UPDATE cake_order SET state = 'baking' WHERE id = ? AND state = 'paid'", baking.order())));

        // Told by Stripe's webhook, in the transaction that records the payment: exactly once.
        app.onPayment((before, after, tx) -> {
            if (after.state() instanceof PaymentState.Paid && !(before.state() instanceof PaymentState.Paid)) {
                tx.update("UPDATE cake_order SET state = 'paid' WHERE id = ?", after.orderRef());
                bake.now(new Baking(after.orderRef()), tx);
            }
        });
    });
}
