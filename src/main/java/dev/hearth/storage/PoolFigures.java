package dev.hearth.storage;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

/// How a pool of connections stands at one moment.
///
/// @param name the pool's name, such as `hearth-writer`
/// @param active connections in use
/// @param idle connections that are open and free
/// @param waiting threads that wait for one
/// @param most connections that there may be
public record PoolFigures(String name, int active, int idle, int waiting, int most) {

    static PoolFigures of(HikariDataSource pool) {
        HikariPoolMXBean open = pool.getHikariPoolMXBean();
        return new PoolFigures(
                pool.getPoolName(),
                open.getActiveConnections(),
                open.getIdleConnections(),
                open.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize());
    }
}
