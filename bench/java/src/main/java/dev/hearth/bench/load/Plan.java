package dev.hearth.bench.load;

import java.time.Duration;

/// How load is offered, for how long to warm up, and for how long to measure after that.
public sealed interface Plan {

    int connections();

    Duration warmUp();

    Duration measured();

    /// Each connection sends its next request as soon as it has its answer: the server is saturated.
    ///
    /// @param client what drives the connections
    record Closed(int connections, Client client, Duration warmUp, Duration measured)
            implements Plan {}

    /// What drives the connections of a closed loop.
    enum Client {
        /// One thread for all, as a worker of nginx: its answers come in batches.
        EVENT_LOOP,
        /// A blocking thread for each: every answer wakes a thread, and the server pays for waking it.
        THREADS
    }

    /// Requests begin at a fixed rate whatever the server does; a late one has its delay counted.
    ///
    /// @param inTurn whether all connections are used in turn; else the one used last is used first, as nginx does with
    ///     those it keeps, and most stay idle
    /// @param sleeping whether the generator sleeps between two requests and so leaves its core to the server; else it
    ///     spins, which is exact and takes that core
    record Open(
            int connections,
            int perSecond,
            boolean inTurn,
            boolean sleeping,
            Duration warmUp,
            Duration measured)
            implements Plan {

        public Open(int connections, int perSecond, Duration warmUp, Duration measured) {
            this(connections, perSecond, false, false, warmUp, measured);
        }
    }
}
