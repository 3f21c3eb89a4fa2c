package dev.hearth.payment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a program wants to be paid for, and by whom.
///
/// {@snippet lang=java :
/// Sale cake = Sale.of("order-17", Money.of(1250, Currency.of("eur"))).describedAs("A cake").to("a@b.example");
/// Sale basket = Sale.of("order-18", List.of(new Order.Item("cake", 2)));
/// }
///
/// @param orderRef the shop's own name for the order; an order is paid once
/// @param items articles of the catalogue, where prices come from there
/// @param amount the amount, where the program itself says it
/// @param manualCapture whether the amount is only held until it is captured
public record Sale(
        String orderRef,
        List<Order.Item> items,
        Optional<Money> amount,
        boolean manualCapture,
        Optional<String> description,
        Optional<String> email,
        Map<String, String> metadata) {

    /// @throws IllegalArgumentException if the order has no name that can be kept
    public Sale {
        if (orderRef.isBlank() || orderRef.length() > 200) {
            throw new IllegalArgumentException("an order reference has 1 to 200 characters");
        }
        items = List.copyOf(items);
        metadata = Map.copyOf(metadata);
    }

    /// A sale for an amount that the program knows.
    public static Sale of(String orderRef, Money amount) {
        return new Sale(
                orderRef,
                List.of(),
                Optional.of(amount),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /// A sale of articles, for what [OrderPrices] says.
    public static Sale of(String orderRef, List<Order.Item> items) {
        return new Sale(
                orderRef,
                items,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /// The same with what the buyer reads on the receipt.
    public Sale describedAs(String text) {
        return new Sale(orderRef, items, amount, manualCapture, Optional.of(text), email, metadata);
    }

    /// The same with the address for the receipt.
    public Sale to(String address) {
        return new Sale(
                orderRef,
                items,
                amount,
                manualCapture,
                description,
                Optional.of(address),
                metadata);
    }

    /// The same, its amount only held until [Cashier#capture].
    public Sale heldUntilCaptured() {
        return new Sale(orderRef, items, amount, true, description, email, metadata);
    }

    /// The same with a note that stays with it at Stripe.
    public Sale with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(name, value);
        return new Sale(orderRef, items, amount, manualCapture, description, email, more);
    }

    CreateRequest toRequest() {
        return new CreateRequest(
                Optional.of(orderRef),
                items,
                amount,
                manualCapture,
                description,
                email,
                Optional.empty(),
                Optional.empty(),
                metadata);
    }
}
