package dev.hearth.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stripe, played on the loopback: its API, the page on which buyers pay, webhooks, and a small shop with
/// something to buy. Everything is forgotten when it closes.
///
/// {@snippet lang=java :
/// try (Sandbox sandbox = Sandbox.open()) {
///     // serve payments with sandbox.key() at sandbox.address()
///     sandbox.play(address, webhookSecret, callerKey);
/// }
/// }
public final class Sandbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);
    private static final int LARGEST_BODY = 1 << 20;
    private static final Set<String> WITHOUT_DECIMALS =
            Set.of(
                    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND",
                    "VUV", "XAF", "XOF", "XPF");
    private static final Set<String> WITH_THREE_DECIMALS =
            Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private final HttpServer server;
    private final String key;
    private final StripeApi api;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Webhooks webhooks; // written once, by whoever opened it
    private volatile @Nullable DemoShop shop;

    private Sandbox(HttpServer server) {
        this.server = server;
        this.key = "sk_test_sandbox_" + random();
        this.api =
                new StripeApi(
                        key,
                        InstantSource.system(),
                        address(),
                        new StripeApi.Texts(random(), "The sandbox does not do this."));
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Opens it on a free port of the loopback.
    public static Sandbox open() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        Sandbox sandbox = new Sandbox(server);
        server.createContext("/", sandbox::handle);
        server.setExecutor(sandbox.threads);
        server.start();
        return sandbox;
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The only key that it takes.
    public String key() {
        return key;
    }

    /// Begins to deliver events to a Hearth, and to buy from it.
    public void play(URI hearth, String webhookSecret, String callerKey) {
        webhooks =
                Webhooks.start(
                        api,
                        hearth.resolve("/webhooks/stripe"),
                        webhookSecret,
                        InstantSource.system());
        shop = new DemoShop(hearth, callerKey);
    }

    private record Answer(int status, String type, String body, Optional<String> location) {
        static Answer page(int status, String html) {
            return new Answer(status, "text/html; charset=utf-8", html, Optional.empty());
        }

        static Answer goTo(String location) {
            return new Answer(303, "text/plain", "", Optional.of(location));
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (NotDoneException notDone) {
                answer = Answer.page(notDone.status(), Page.of("This cannot be done now", ""));
            } catch (IOException | RuntimeException failed) {
                log.warn("the sandbox could not answer", failed);
                answer = Answer.page(500, Page.of("That went wrong", "<p>The log says why.</p>"));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
            byte[] bytes = answer.body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
                                    + " frame-ancestors 'none'");
            answer.location.ifPresent(to -> exchange.getResponseHeaders().set("Location", to));
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException, InterruptedException {
        if (!isOurs(exchange)) {
            return Answer.page(421, Page.of("Not here", ""));
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
        URI uri = exchange.getRequestURI();
        boolean post = exchange.getRequestMethod().equals("POST");
        String form = new String(body, UTF_8);
        if (uri.getPath().startsWith("/v1/")) {
            String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            return api(exchange, uri.getPath(), post ? form : query);
        }
        String[] parts = uri.getPath().split("/", -1);
        Map<String, String> fields = StripeApi.parse(form);
        return switch (parts[1]) {
            case "" -> start();
            case "buy" -> post ? buy(fields.getOrDefault("what", "")) : Answer.goTo("/");
            case "back" ->
                    back(StripeApi.parse(uri.getRawQuery() == null ? "" : uri.getRawQuery()));
            case "pay" -> post ? pay(parts[2], fields) : show(parts[2], "");
            case "invoice" -> post ? payInvoice(parts[2], fields) : showInvoice(parts[2], "");
            default -> Answer.page(404, Page.of("There is no such page", ""));
        };
    }

    /// Other names that lead here come from a page that plays with the browser's name service.
    private boolean isOurs(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        int port = server.getAddress().getPort();
        return ("127.0.0.1:" + port).equals(host) || ("localhost:" + port).equals(host);
    }

    private Answer api(HttpExchange exchange, String path, String form) {
        StripeApi.Reply reply =
                api.answer(
                        new StripeApi.Call(
                                exchange.getRequestMethod(),
                                path,
                                form,
                                first(exchange, "Authorization"),
                                first(exchange, "Idempotency-Key")));
        return new Answer(reply.status(), "application/json", reply.body(), Optional.empty());
    }

    private static Optional<String> first(HttpExchange exchange, String header) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(header));
    }

    private static Answer start() {
        return Answer.page(
                200,
                Page.of(
                        "A cake for 12.50 EUR",
                        """
                        <p>Hearth is asked for the payment, and sends you to a page that plays Stripe's.</p>
                        <form method="post" action="/buy">
                        <button name="what" value="checkout">Buy one</button>
                        <button name="what" value="subscription">One every month</button>
                        <button name="what" value="invoice">On account</button>
                        </form>
                        """));
    }

    private Answer buy(String what) throws IOException, InterruptedException {
        DemoShop open = shop;
        Optional<String> page = open == null ? Optional.empty() : open.buy(what);
        return page.map(Answer::goTo)
                .orElseGet(() ->
                        Answer.page(
                                503, Page.of("Not now", "<p>Hearth gave no page to pay on.</p>")));
    }

    private Answer back(Map<String, String> query) throws IOException, InterruptedException {
        DemoShop open = shop;
        String payment = query.getOrDefault("payment_id", "");
        String subscription = query.getOrDefault("subscription_id", "");
        String id = payment.isEmpty() ? subscription : payment;
        if (open == null || !id.matches("[0-9a-f-]{1,64}")) {
            return Answer.page(404, Page.of("There is no such payment", ""));
        }
        String path = (payment.isEmpty() ? "/payments/subscriptions/" : "/payments/") + id;
        String status = open.status(path);
        return Answer.page(
                200,
                Page.of(
                        "Hearth says: " + status,
                        """
                        <p><code>%s</code></p>
                        <p><a href="/">Buy another</a></p>
                        """
                                .formatted(Page.text(id))));
    }

    private Answer show(String session, String problem) {
        return api.with(world -> {
            Map<String, Object> open = world.find(session);
            Things.require(open, Set.of("open"));
            String action = "/pay/" + session;
            String amount = amount(open, "amount_total");
            Optional<Map<String, Object>> intent =
                    open.get("payment_intent") instanceof String id
                            ? Optional.of(world.find(id))
                            : Optional.empty();
            boolean waits = intent.filter(each -> Things.isIn(each, "requires_action")).isPresent();
            String html =
                    waits
                            ? Page.toConfirm(action, amount)
                            : Page.toPay(action, described(open), amount, problem);
            return Answer.page(200, html);
        });
    }

    private static String described(Map<String, Object> session) {
        String interval =
                StripeWorld.formOf(session)
                        .getOrDefault("line_items[0][price_data][recurring][interval]", "");
        return interval.isEmpty()
                ? "Played for Stripe's page."
                : "Played for Stripe's page. This is paid every " + interval + ".";
    }

    private Answer pay(String session, Map<String, String> fields) {
        String next =
                api.with(world -> {
                    if (fields.containsKey("confirm")) {
                        world.answerAction(session, "yes".equals(fields.get("confirm")));
                    } else {
                        world.payCheckout(session, fields.getOrDefault("card", ""));
                    }
                    Map<String, Object> after = world.find(session);
                    return Things.isIn(after, "open")
                            ? ""
                            : StripeWorld.formOf(after).getOrDefault("success_url", "/");
                });
        return next.isEmpty()
                ? show(session, "The card was not accepted. Try another.")
                : Answer.goTo(next.replace("{CHECKOUT_SESSION_ID}", session));
    }

    private Answer showInvoice(String id, String problem) {
        return api.with(world -> {
            Map<String, Object> invoice = world.find(id);
            String amount = amount(invoice, "amount_due");
            return Answer.page(
                    200,
                    Things.isIn(invoice, "open")
                            ? Page.toPay(
                                    "/invoice/" + id,
                                    "Order " + invoice.getOrDefault("custom_fields", ""),
                                    amount,
                                    problem)
                            : Page.of(
                                    "Invoice of " + amount + ": " + invoice.get("status"),
                                    "<p><a href=\"/\">Buy another</a></p>"));
        });
    }

    private Answer payInvoice(String id, Map<String, String> fields) {
        api.with(world -> {
            world.payInvoice(id, fields.getOrDefault("card", ""));
            return true;
        });
        return showInvoice(id, "The card was not accepted. Try another.");
    }

    private static String amount(Map<String, Object> object, String member) {
        String currency = Things.text(object, "currency").toUpperCase(Locale.ROOT);
        return BigDecimal.valueOf(Things.number(object, member), decimals(currency))
                + " "
                + currency;
    }

    /// How many decimals Stripe counts.
    private static int decimals(String currency) {
        if (WITHOUT_DECIMALS.contains(currency)) {
            return 0;
        }
        return WITH_THREE_DECIMALS.contains(currency) ? 3 : 2;
    }

    /// Ends it, and forgets everything.
    @Override
    public void close() {
        if (webhooks != null) {
            webhooks.close();
        }
        DemoShop open = shop;
        if (open != null) {
            open.close();
        }
        server.stop(0);
        threads.close();
    }
}
