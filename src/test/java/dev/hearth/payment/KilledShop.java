package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeStandIn.Fault;
import dev.hearth.testing.StripeWebhook;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// A shop whose servers are killed at random places while Stripe fails at random: the same seed does the same.
/// What the shop's own clients do is what they should do: ask again with the same key until they are answered.
final class KilledShop implements AutoCloseable {
    private static final String CALLER_KEY = "planted-caller-key";
    private static final int SHORTEST_LONGEST_LIFE = 12; // in passes of the place where it ends
    private static final List<Fault> WEATHER =
            List.of(
                    Fault.RESET_BEFORE,
                    Fault.RESET_AFTER,
                    Fault.CONFLICT,
                    Fault.TOO_MANY,
                    Fault.ERROR_BEFORE,
                    Fault.ERROR_AFTER);

    private final Random random;
    private final Path folder;
    private final DatabaseLocation location;
    private final int processes;
    private final int longestLife;
    private final StripeStandIn stripe = StripeStandIn.start(InstantSource.system());
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<HearthProcess> running = new ArrayList<>();
    private final Map<String, String> refunds = new HashMap<>();
    private int kills;
    private int delivered;

    /// @param payments how many there will be: the more, the longer a server lives, since most of the time goes by
    ///     while servers start
    KilledShop(long seed, Path folder, DatabaseLocation location, int processes, int payments) {
        this.random = new Random(seed);
        this.folder = folder;
        this.location = location;
        this.processes = processes;
        this.longestLife = Math.max(SHORTEST_LONGEST_LIFE, payments / 12);
        Random weather = new Random(seed + 1);
        stripe.weather(() ->
                weather.nextInt(6) == 0
                        ? WEATHER.get(weather.nextInt(WEATHER.size()))
                        : Fault.NONE);
    }

    private HearthProcess start(int n, boolean mayDie) throws IOException {
        HearthProcess.Plan plan =
                HearthProcess.in(folder.resolve("process-" + n))
                        .environment("HEARTH_STRIPE_API_KEY", StripeStandIn.KEY)
                        .environment("HEARTH_STRIPE_API_BASE", stripe.base())
                        .environment("HEARTH_PAYMENTS_API_KEY", CALLER_KEY)
                        .environment("HEARTH_DATABASE_URL", url())
                        .environment("HEARTH_LOG_LEVEL", "error");
        if (location instanceof DatabaseLocation.PostgreSql postgres) {
            plan.environment("HEARTH_DATABASE_USER", postgres.user())
                    .environment("HEARTH_DATABASE_PASSWORD", postgres.password());
        }
        if (mayDie) {
            StopPoint[] points = StopPoint.values();
            String point =
                    points[random.nextInt(points.length)].name().toLowerCase(java.util.Locale.ROOT);
            plan.jvmFlags(
                    "-Dhearth.test.stop=" + point,
                    "-Dhearth.test.stop.at=" + (2 + random.nextInt(longestLife)));
        }
        return plan.start();
    }

    private String url() {
        return switch (location) {
            case DatabaseLocation.SqliteFile(Path file) -> "jdbc:sqlite:" + file;
            case DatabaseLocation.PostgreSql postgres -> postgres.url();
        };
    }

    /// One of the servers; one that was killed is started again.
    private HearthProcess server() throws IOException {
        int n = random.nextInt(processes);
        while (running.size() <= n) {
            running.add(start(running.size(), true));
        }
        if (!running.get(n).process().isAlive()) {
            kills++;
            running.get(n).close();
            running.set(n, start(n, true));
        }
        return running.get(n);
    }

    /// Asks until there is an answer; whoever is killed on the way is replaced.
    private HttpResponse<String> ask(String path, String key, String body)
            throws IOException, InterruptedException {
        while (true) {
            try {
                HearthProcess server = server();
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(server.uri(path))
                                .timeout(Duration.ofSeconds(30))
                                .header("Authorization", "Bearer " + CALLER_KEY)
                                .header("Content-Type", "application/json");
                if (!key.isEmpty()) {
                    request.header("Idempotency-Key", key)
                            .POST(HttpRequest.BodyPublishers.ofString(body));
                }
                return http.send(request.build(), BodyHandlers.ofString());
            } catch (IOException | IllegalStateException | AssertionError killed) {
                requireKilled(killed);
            }
        }
    }

    /// Nothing else may go wrong with a server than that it was killed.
    private void requireKilled(Throwable failure) throws InterruptedException {
        for (HearthProcess each : running) {
            if (each.process().isAlive()) {
                continue;
            }
            assertThat(each.process().awaitExit()).as(each.output()).isEqualTo(137);
            return;
        }
        Await.until(
                "one of them is dead, since " + failure,
                () -> running.stream().anyMatch(each -> !each.process().isAlive()));
    }

    private JsonNode show(String id) throws IOException, InterruptedException {
        return Json.read(ask("/payments/" + id, "", "").body());
    }

    /// Takes so many payments through whatever befalls them, and requires that all is as Stripe has it.
    void live(int payments) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < payments; i++) {
            String body = Shop.order("A-" + i, 500 + random.nextInt(2_000));
            String id =
                    Json.read(ask("/payments/intents", "k" + i, body).body())
                            .path("payment_id")
                            .asString("");
            assertThat(id).as("payment " + i).isNotEmpty();
            ids.add(id);
            act(ids.get(random.nextInt(ids.size())));
            if (random.nextInt(3) == 0) {
                deliver(false);
            }
        }
        settle(ids);
        for (String id : ids) {
            requireAsAtStripe(id);
        }
        requireNothingTwice(ids);
    }

    /// A buyer pays, or the shop refunds, one of those that can be.
    private void act(String id) throws Exception {
        long intents =
                stripe.with(world ->
                        world.all("payment_intent").stream()
                                .filter(each -> each.get("metadata").toString().contains(id))
                                .count());
        if (intents == 0) {
            return; // Stripe has not heard of it yet
        }
        String status = stripe.with(world -> (String) world.intentOf(id).get("status"));
        if (status.equals("requires_payment_method")) {
            String card = random.nextInt(5) == 0 ? ShopContract.DECLINED : ShopContract.VISA;
            stripe.with(world -> {
                world.pay((String) world.intentOf(id).get("id"), card);
                return true;
            });
        } else if (status.equals("succeeded")
                && show(id).path("status").asString("").equals("paid")) {
            String key = "r" + refunds.size();
            refunds.put(key, id);
            String body = "{\"amount\":%d}".formatted(1 + random.nextInt(300));
            ask("/payments/" + id + "/refunds", key, body);
            ask("/payments/" + id + "/refunds", key, body); // a client that heard nothing
        }
    }

    /// Stripe delivers what it has, some of it late, shuffled or twice; in the end all of it.
    private void deliver(boolean all) throws Exception {
        List<String> events = stripe.with(world -> world.events());
        List<String> now = new ArrayList<>(events.subList(all ? 0 : delivered, events.size()));
        delivered = events.size() - random.nextInt(1 + Math.min(3, now.size()));
        Collections.shuffle(now, random);
        for (String event : now) {
            byte[] body = event.getBytes(StandardCharsets.UTF_8);
            boolean accepted = false;
            while (!accepted) {
                try {
                    String signature =
                            StripeWebhook.signature(HearthProcess.SECRET, body, Instant.now());
                    HttpRequest request =
                            StripeWebhook.request(
                                    server().uri("/webhooks/stripe"), body, signature);
                    accepted = http.send(request, BodyHandlers.discarding()).statusCode() == 200;
                } catch (IOException | IllegalStateException | AssertionError killed) {
                    requireKilled(killed);
                }
            }
        }
    }

    /// Lets everyone live from here on, and waits until nothing is open.
    private void settle(List<String> ids) throws Exception {
        stripe.weather(() -> Fault.NONE);
        for (int n = 0; n < running.size(); n++) {
            running.get(n).close();
            running.set(n, start(n, false));
        }
        try (Database database = Database.open(location)) {
            Await.until(
                    "every call has its outcome",
                    Calls.LEASE.multipliedBy(
                            3), // what was on its way at a kill is nobody's until then
                    () ->
                            count(
                                            database,
                                            "SELECT COUNT(*) AS n FROM api_call WHERE state NOT IN ('ok', 'rejected')")
                                    == 0);
            deliver(true);
            Await.until(
                    "every event is handled",
                    () ->
                            count(
                                            database,
                                            "SELECT COUNT(*) AS n FROM webhook_inbox WHERE state IN ('received', 'processing')")
                                    == 0);
            for (String id : ids) {
                show(id);
            }
            assertThat(new PaymentRecords(database).imbalance()).isEmpty();
            assertThat(
                            count(
                                    database,
                                    "SELECT COUNT(*) AS n FROM webhook_inbox WHERE state = 'dead'"))
                    .isZero();
            assertThat(
                            count(
                                    database,
                                    """
                                    SELECT COUNT(*) AS n FROM journal
                                     WHERE id NOT IN (SELECT journal_id FROM journal_entry)
                                    """))
                    .as("no posting without entries")
                    .isZero();
        }
    }

    private static long count(Database database, String sql) throws Exception {
        return database.read(tx -> tx.first(sql, row -> row.number("n"))).orElseThrow();
    }

    private void requireAsAtStripe(String id) throws Exception {
        Map<String, Object> intent = stripe.with(world -> world.intentOf(id));
        long refunded =
                stripe.with(world ->
                        world.all("refund").stream()
                                .filter(each -> each.get("payment_intent").equals(intent.get("id")))
                                .mapToLong(each -> ((Number) each.get("amount")).longValue())
                                .sum());
        JsonNode ours = show(id);
        assertThat(ours.path("captured").asLong())
                .as("captured of " + id)
                .isEqualTo(((Number) intent.get("amount_received")).longValue());
        assertThat(ours.path("refunded").asLong()).as("refunded of " + id).isEqualTo(refunded);
    }

    private void requireNothingTwice(List<String> ids) {
        int intents = stripe.with(world -> world.all("payment_intent").size());
        long made = stripe.with(world -> (long) world.all("refund").size());
        long distinct =
                stripe.with(world ->
                        world.all("refund").stream()
                                .map(each -> each.get("metadata"))
                                .distinct()
                                .count());
        assertThat(intents).isEqualTo(ids.size());
        assertThat(made).isEqualTo(distinct).isLessThanOrEqualTo(refunds.size());
    }

    int kills() {
        return kills;
    }

    @Override
    public void close() {
        running.forEach(HearthProcess::close);
        http.close();
        stripe.close();
    }
}
