package dev.hearth.payment;

import dev.hearth.http.RefusedException;
import java.util.List;

/// Says what an order costs. Amounts come from here, on the server, never from a browser.
///
/// {@snippet lang=java :
/// OrderPrices prices = order -> List.of(
///         new OrderPrices.Line("Order " + order.reference(), orders.total(order.reference()), 1));
/// }
@FunctionalInterface
public interface OrderPrices {

    /// One line of the bill.
    record Line(String name, Money unitPrice, int quantity) {
        /// @throws IllegalArgumentException if the line cannot be charged
        public Line {
            if (name.isBlank() || name.length() > 250 || quantity < 1) {
                throw new IllegalArgumentException(
                        "a line has a name of 1 to 250 characters and a quantity of at least 1");
            }
        }
    }

    /// The lines of the order's bill, at least one, all in one currency.
    ///
    /// @throws RefusedException if there is no such order, or it cannot be paid
    List<Line> price(Order order) throws Exception;

    /// Takes the amount that the caller names. Only for callers that are servers themselves and keep the API
    /// key to themselves.
    static OrderPrices asAsked() {
        return order ->
                List.of(
                        new Line(
                                "Order " + shortened(order.reference()),
                                order.asked()
                                        .orElseThrow(() ->
                                                Answer.invalid("amount", "it is missing").refuse()),
                                1));
    }

    private static String shortened(String reference) {
        return reference.length() > 200 ? reference.substring(0, 200) : reference;
    }
}
