package dev.hearth.payment;

import java.util.List;
import java.util.Optional;

/// What a caller wants to be paid for.
///
/// @param principal the name of the caller's API key
/// @param reference the shop's own name for the order; an order is paid once
/// @param asked the amount that the caller named, where it named one
public record Order(String principal, String reference, List<Item> items, Optional<Money> asked) {

    /// So many of one thing.
    public record Item(String sku, int quantity) {}

    public Order {
        items = List.copyOf(items);
    }
}
