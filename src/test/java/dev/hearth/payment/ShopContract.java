package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.storage.DatabaseLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A shop for each test, on whichever database. Whatever a test does, the books balance afterwards.
abstract class ShopContract {
    static final String VISA = "4242424242424242";
    static final String DECLINED = "4000000000000002";

    Shop shop;

    /// A new, empty database.
    abstract DatabaseLocation location();

    @BeforeEach
    void open() {
        shop = new Shop(location());
    }

    @AfterEach
    void close() throws Exception {
        assertThat(shop.records.imbalance()).isEmpty();
        shop.close();
    }

    long stripeHas(String kind) {
        return shop.stripe.with(objects -> objects.all(kind).size());
    }

    Map<String, Long> balances() throws Exception {
        return shop.records.balances();
    }

    @FunctionalInterface
    interface Task {
        Got run(int n) throws Exception;
    }

    static List<Got> together(int threads, Task task) throws Exception {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<Got>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int n = i;
                tasks.add(() -> task.run(n));
            }
            List<Got> all = new ArrayList<>();
            for (Future<Got> each : pool.invokeAll(tasks)) {
                all.add(each.get());
            }
            return all;
        }
    }
}
