package dev.hearth.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The stand-in's API: who may ask, idempotency keys as Stripe documents them for a day of the clock given,
/// and [StripeWorld] behind them. Safe for many threads; one at a time.
public final class StripeApi {
    private static final Duration KEYS_KEPT = Duration.ofHours(24);
    private static final int LONGEST_KEY = 255;

    /// A request to the API.
    ///
    /// @param form the body's or the query's
    public record Call(
            String method,
            String path,
            String form,
            Optional<String> authorization,
            Optional<String> idempotencyKey) {}

    /// What is answered: JSON.
    public record Reply(int status, String body) {}

    /// Texts that a test wants to find again, or nowhere.
    ///
    /// @param secret what client secrets end with
    /// @param message of every error
    public record Texts(String secret, String message) {}

    private record Remembered(String parameters, Reply reply, long at) {}

    private final JsonMapper json = JsonMapper.builder().build();
    private final String key;
    private final InstantSource clock;
    private final Texts texts;
    private final StripeWorld world; // guarded by this
    private final Map<String, Remembered> keys = new HashMap<>(); // guarded by this

    /// @param key that which counts, `sk_test_…`
    /// @param pages where the pages for buyers are
    /// @throws IllegalArgumentException if the key is no test key
    public StripeApi(String key, InstantSource clock, String pages, Texts texts) {
        if (!key.startsWith("sk_test_")) {
            throw new IllegalArgumentException("a stand-in of Stripe takes test keys only");
        }
        this.key = key;
        this.clock = clock;
        this.texts = texts;
        this.world = new StripeWorld(clock, pages, texts.secret);
    }

    /// Looks at, or changes, what there is; on behalf of a buyer, a bank or a test.
    public synchronized <T> T with(Function<StripeWorld, T> work) {
        return work.apply(world);
    }

    /// Answers a call.
    public Reply answer(Call call) {
        return answer(call, done -> done);
    }

    /// Answers a call, with a say in what is answered and remembered once it is done.
    public synchronized Reply answer(Call call, Function<Reply, Reply> afterwards) {
        if (!call.authorization.equals(Optional.of("Bearer " + key))) {
            return error(401, "invalid_request_error", "", "");
        }
        Map<String, String> parameters = parse(call.form);
        return switch (call.method) {
            case "GET" -> run(() -> world.get(call.path, parameters));
            case "DELETE" -> afterwards.apply(run(() -> world.delete(call.path)));
            case "POST" -> post(call, parameters, afterwards);
            default -> error(405, "invalid_request_error", "", "");
        };
    }

    private Reply post(
            Call call, Map<String, String> parameters, Function<Reply, Reply> afterwards) {
        String wanted = call.idempotencyKey.orElse("");
        if (wanted.isEmpty() || wanted.length() > LONGEST_KEY) {
            return error(400, "invalid_request_error", "", "");
        }
        long now = clock.millis();
        Remembered before = keys.get(wanted);
        String asked = call.path + "?" + call.form;
        if (before != null && now - before.at < KEYS_KEPT.toMillis()) {
            return before.parameters.equals(asked)
                    ? before.reply
                    : error(400, "idempotency_error", "", "");
        }
        Reply reply = afterwards.apply(run(() -> world.post(call.path, parameters)));
        if (reply.status != 400) { // Stripe does not keep what validation refused
            keys.put(wanted, new Remembered(asked, reply, now));
        }
        return reply;
    }

    private Reply run(Supplier<Map<String, Object>> work) {
        try {
            Map<String, Object> object = new LinkedHashMap<>(work.get());
            object.remove("form");
            return new Reply(200, json.writeValueAsString(object));
        } catch (NotDoneException notDone) {
            return error(notDone.status(), notDone.type(), notDone.code(), notDone.parameter());
        }
    }

    /// An error as Stripe writes it.
    public Reply error(int status, String type, String code, String parameter) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("message", texts.message);
        if (!code.isEmpty()) {
            error.put("code", code);
        }
        if (!parameter.isEmpty()) {
            error.put("param", parameter);
        }
        return new Reply(status, json.writeValueAsString(Map.of("error", error)));
    }

    /// The names and values of a form.
    static Map<String, String> parse(String form) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
