package dev.hearth.bench.peer;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/// The work `json` for the peers in Java: an order in, checked, its sum out.
final class OrderJson {

    private record NewOrder(
            String customer, String email, String currency, List<Line> lines, String note) {

        boolean isGood() {
            return !customer.isBlank()
                    && customer.length() <= 100
                    && email.indexOf('@') > 0
                    && currency.length() == 3
                    && !lines.isEmpty()
                    && lines.size() <= 50
                    && lines.stream().allMatch(Line::isGood)
                    && note.length() <= 500;
        }
    }

    private record Line(String article, int quantity, long cents) {

        boolean isGood() {
            return !article.isBlank() && quantity >= 1 && quantity <= 1000 && cents >= 0;
        }
    }

    private record Sum(String customer, String currency, int articles, long cents) {}

    private final ObjectReader reader;
    private final ObjectWriter writer;

    OrderJson() {
        JsonMapper mapper =
                JsonMapper.builder()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build();
        reader = mapper.readerFor(NewOrder.class);
        writer = mapper.writerFor(Sum.class);
    }

    /// The answer to an order.
    ///
    /// @throws IllegalArgumentException if it is a bad one
    byte[] answer(byte[] body) {
        NewOrder order = reader.readValue(body);
        if (!order.isGood()) {
            throw new IllegalArgumentException("a bad order");
        }
        long cents = order.lines.stream().mapToLong(line -> line.quantity * line.cents).sum();
        return writer.writeValueAsBytes(
                new Sum(order.customer, order.currency, order.lines.size(), cents));
    }
}
