package dev.hearth.fastcgi;

import dev.hearth.fastcgi.wire.NameValuePairs;
import java.util.Arrays;

/// Foretells whether a request will keep its thread for long, from how the last ones to the same place did:
/// a branch predictor for handlers.
///
/// A wrong guess costs a wake-up (guessed slow, was quick) or a few milliseconds of other connections' time
/// until the server steps in (guessed quick, was slow). Places never seen count as slow. Written by many
/// threads without a lock: a lost update only makes one guess worse.
public final class SlowPaths {
    private static final int SIZE = 1_024;
    private static final long QUICK_NANOS = 300_000;
    // A slow request counts as much as four quick ones, so that a handler which the system kept
    // waiting once is not taken for a slow one.
    private static final int SLOW_STEP = 4;
    private static final int SLOW_FROM = 8;
    private static final int SLOWEST = 16;

    private final byte[] slowness = new byte[SIZE];

    public SlowPaths() {
        Arrays.fill(slowness, (byte) SLOW_FROM);
    }

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
        return fold(hash);
    }

    /// The place that a request goes to, where its method and its path are known as text.
    public static int place(String method, String path) {
        int hash = 31 + method.hashCode();
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                break;
            }
            hash = 31 * hash + c;
        }
        return fold(hash);
    }

    private static int fold(int hash) {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & (SIZE - 1);
    }

    /// Whether the last requests to the place took long.
    public boolean isSlow(int place) {
        return slowness[place] >= SLOW_FROM;
    }

    /// Learns how long one request to the place took.
    public void record(int place, long nanos) {
        int now = slowness[place];
        int next = nanos > QUICK_NANOS ? Math.min(SLOWEST, now + SLOW_STEP) : Math.max(0, now - 1);
        if (next != now) {
            slowness[place] = (byte) next;
        }
    }
}
