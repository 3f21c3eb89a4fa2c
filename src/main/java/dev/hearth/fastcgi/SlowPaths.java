package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;

/// Foretells whether a request will keep its thread for long, from how the last ones to the same place did:
/// a branch predictor for handlers.
///
/// A wrong guess costs a wake-up (guessed slow, was quick) or a few milliseconds of other connections' time
/// until the [Ticker] steps in (guessed quick, was slow). Places never seen count as slow. Written by many
/// threads without a lock: a lost update only makes one guess worse.
final class SlowPaths {
    private static final int SIZE = 1_024;
    private static final long QUICK_NANOS = 300_000;
    private static final byte QUICK_IN_A_ROW = 8; // after a slow one

    // Per place: how many quick requests it takes until the next is thought quick; stored as
    // QUICK_IN_A_ROW minus that, so that a fresh array means "not known".
    private final byte[] quickSeen = new byte[SIZE];

    /// The place that a request goes to: its method and the first segment of its path.
    static int hash(NameValuePairs params) {
        int path = params.find("REQUEST_URI");
        if (path < 0) {
            path = params.find("SCRIPT_NAME");
        }
        int hash = 1;
        int method = params.find("REQUEST_METHOD");
        if (method >= 0) {
            for (int i = params.valueLength(method) - 1; i >= 0; i--) {
                hash = 31 * hash + params.valueByte(method, i);
            }
        }
        if (path >= 0) {
            int length = params.valueLength(path);
            for (int i = 1; i < length; i++) {
                byte b = params.valueByte(path, i);
                if (b == '/' || b == '?') {
                    break;
                }
                hash = 31 * hash + b;
            }
        }
        return (hash ^ hash >>> 10 ^ hash >>> 20) & (SIZE - 1);
    }

    boolean isSlow(int hash) {
        return quickSeen[hash] < QUICK_IN_A_ROW;
    }

    void record(int hash, long nanos) {
        if (nanos > QUICK_NANOS) {
            quickSeen[hash] = 0;
        } else if (quickSeen[hash] < QUICK_IN_A_ROW) {
            quickSeen[hash]++;
        }
    }
}
