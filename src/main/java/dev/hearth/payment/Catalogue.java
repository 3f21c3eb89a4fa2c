package dev.hearth.payment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Prices by article: what an order costs is the sum of its items. An amount that the caller names is
/// refused.
///
/// @param articles by the name under which they are ordered
public record Catalogue(Map<String, Article> articles) implements OrderPrices {

    /// What is sold, and for how much.
    public record Article(String name, Money price) {}

    public Catalogue {
        articles = Map.copyOf(articles);
    }

    @Override
    public List<Line> price(Order order) {
        if (order.asked().isPresent()) {
            throw Answer.invalid("amount", "prices come from the catalogue; name items instead")
                    .refuse();
        }
        if (order.items().isEmpty()) {
            throw Answer.invalid("items", "at least one is needed").refuse();
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < order.items().size(); i++) {
            Order.Item item = order.items().get(i);
            Article article = articles.get(item.sku());
            if (article == null) {
                throw Answer.invalid("items/" + i + "/sku", "there is no such article").refuse();
            }
            lines.add(new Line(article.name(), article.price(), item.quantity()));
        }
        return lines;
    }
}
