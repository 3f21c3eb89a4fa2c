package dev.hearth.payment;

import dev.hearth.http.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The body of `POST /payments/checkout` and `POST /payments/intents`.
///
/// @param manualCapture whether the amount is only held until it is captured
/// @param statement what stands on the buyer's card statement, behind the shop's own name
record CreateRequest(
        Optional<String> orderRef,
        List<Order.Item> items,
        Optional<Money> asked,
        boolean manualCapture,
        Optional<String> description,
        Optional<String> email,
        Optional<String> customer,
        Optional<String> statement,
        Map<String, String> metadata) {

    private static final Set<String> RESERVED =
            Set.of(
                    "payment_id",
                    "order_ref",
                    "refund_id",
                    "subscription_id",
                    "invoice_id",
                    "change_id");

    private static final int MOST_ITEMS = 100;
    private static final int MOST_METADATA = 40;
    private static final int MOST_OF_ONE = 1_000_000;

    CreateRequest {
        items = List.copyOf(items);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /// @throws RefusedException naming the field that is wrong
    static CreateRequest read(Fields fields, Set<Currency> currencies) {
        return new CreateRequest(
                fields.text("order_ref", 200),
                items(fields.node("items")),
                money(fields, currencies),
                manual(fields),
                fields.text("description", 500),
                email(fields),
                matching(fields, "customer", "cus_[A-Za-z0-9]{1,100}", "an id such as cus_123"),
                matching(
                        fields,
                        "statement_descriptor",
                        "(?=.*[A-Za-z])[^<>\\\\'\"*]{1,22}",
                        "1 to 22 characters with at least one letter, without < > \\ ' \" *"),
                metadata(fields.node("metadata")));
    }

    private static Optional<Money> money(Fields fields, Set<Currency> currencies) {
        OptionalLong amount = fields.whole("amount");
        Optional<String> code = fields.text("currency", 10);
        if (amount.isEmpty() && code.isEmpty()) {
            return Optional.empty();
        }
        Currency currency =
                code.flatMap(Currency::find)
                        .filter(currencies::contains)
                        .orElseThrow(() ->
                                Answer.invalid(
                                                "currency",
                                                "a currency that is taken here is wanted")
                                        .refuse());
        if (amount.isEmpty()) {
            throw Answer.invalid("amount", "it is missing").refuse();
        }
        Optional<String> complaint = Money.complaint(amount.getAsLong(), currency);
        if (complaint.isPresent()) {
            throw Answer.invalid("amount", complaint.get()).refuse();
        }
        return Optional.of(Money.of(amount.getAsLong(), currency));
    }

    private static boolean manual(Fields fields) {
        String name = fields.has("capture_method") ? "capture_method" : "capture";
        return switch (fields.text(name, 20).orElse("automatic")) {
            case "automatic" -> false;
            case "manual" -> true;
            default -> throw Answer.invalid(name, "automatic or manual is wanted").refuse();
        };
    }

    private static Optional<String> email(Fields fields) {
        return matching(
                fields, "email", "[^@\\s,;<>]{1,128}@[^@\\s,;<>]{1,255}", "an e-mail address");
    }

    private static Optional<String> matching(
            Fields fields, String name, String pattern, String wanted) {
        Optional<String> text = fields.text(name, 400);
        if (text.isPresent() && !text.get().matches(pattern)) {
            throw Answer.invalid(name, wanted + " is wanted").refuse();
        }
        return text;
    }

    private static List<Order.Item> items(JsonNode node) {
        List<Order.Item> items = new ArrayList<>();
        if (node.isMissingNode() || node.isNull()) {
            return items;
        }
        if (!node.isArray() || node.size() > MOST_ITEMS) {
            throw Answer.invalid("items", "a list of at most %d is wanted".formatted(MOST_ITEMS))
                    .refuse();
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode item = node.get(i);
            String at = "items/" + i;
            String sku =
                    Json.text(item, "sku")
                            .orElseThrow(() ->
                                    Answer.invalid(at + "/sku", "a string is wanted").refuse());
            JsonNode quantity = item.path("quantity");
            long count = quantity.isMissingNode() ? 1 : Json.number(item, "quantity").orElse(0);
            if (count < 1 || count > MOST_OF_ONE) {
                throw Answer.invalid(at + "/quantity", "a whole number of 1 to 1000000 is wanted")
                        .refuse();
            }
            items.add(new Order.Item(sku, (int) count));
        }
        return items;
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (node.isMissingNode() || node.isNull()) {
            return metadata;
        }
        if (!node.isObject() || node.size() > MOST_METADATA) {
            throw Answer.invalid(
                            "metadata",
                            "an object of at most %d strings is wanted".formatted(MOST_METADATA))
                    .refuse();
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            String name = each.getKey();
            boolean ours = RESERVED.contains(name);
            if (ours || !name.matches("[A-Za-z0-9_.-]{1,40}")) {
                throw Answer.invalid(
                                "metadata",
                                "names have 1 to 40 letters, digits, _ . and -, and are not ours")
                        .refuse();
            }
            if (!each.getValue().isString()
                    || each.getValue().stringValue().length() > 500
                    || !Fields.isText(each.getValue().stringValue())) {
                throw Answer.invalid(
                                "metadata/" + name, "a string of at most 500 characters is wanted")
                        .refuse();
            }
            metadata.put(name, each.getValue().stringValue());
        }
        return metadata;
    }

    /// Never the content: it holds personal data.
    @Override
    public String toString() {
        return "request for " + orderRef.orElse("an order without a name");
    }
}
