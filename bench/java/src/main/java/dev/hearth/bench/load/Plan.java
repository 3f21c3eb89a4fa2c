package dev.hearth.bench.load;

import java.time.Duration;

/// How load is offered, for how long to warm up, and for how long to measure after that.
public sealed interface Plan {

    int connections();

    Duration warmUp();

    Duration measured();

    /// Each connection sends its next request as soon as it has its answer: the server is saturated.
    record Closed(int connections, Duration warmUp, Duration measured) implements Plan {}

    /// Requests begin at a fixed rate whatever the server does; a late one has its delay counted.
    record Open(int connections, int perSecond, Duration warmUp, Duration measured)
            implements Plan {}
}
