package dev.hearth.jobs;

import dev.hearth.storage.Transaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Lets the scheduler's client write in the transaction of its caller. On connections of its own a job would
/// outlive a rollback, and on SQLite wait for its own caller.
final class CallersConnection extends AbstractDataSource {
    private static final ScopedValue<Transaction> CALLER = ScopedValue.newInstance();

    /// Runs `work`, whose connections are that of this transaction.
    static void in(Transaction transaction, Runnable work) {
        ScopedValue.where(CALLER, transaction).run(work);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection callers = CALLER.get().connection();
        return (Connection)
                Proxy.newProxyInstance(
                        CallersConnection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) ->
                                switch (method.getName()) {
                                    // The transaction ends where it began.
                                    case "close", "commit", "rollback" -> null;
                                    default -> call(callers, method, arguments);
                                });
    }

    private static @Nullable Object call(
            Connection connection, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getTargetException();
        }
    }
}
