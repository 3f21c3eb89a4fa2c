package dev.hearth.storage;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/// Makes ids that sort by the time of their making: UUID version 7 (RFC 9562 section 5.7) as text.
///
/// Ids of one instance only ever grow, also within a millisecond and when the clock goes back, so they keep
/// the order in which they were made. Safe for many threads.
public final class TimeOrderedIds {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int COUNTER_END = 1 << 12;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final byte[] pool =
            new byte[1024]; // guarded by this: one call to the kernel for many ids
    private int used = pool.length; // guarded by this
    private long lastMillis; // guarded by this
    private int counter; // guarded by this

    public TimeOrderedIds(InstantSource clock) {
        this.clock = clock;
    }

    /// The next id, 36 characters.
    public String next() {
        return next(clock.millis());
    }

    /// The next id of a moment already known.
    public synchronized String next(long millis) {
        if (millis > lastMillis) {
            lastMillis = millis;
            counter = 0;
        } else if (++counter == COUNTER_END) {
            lastMillis++; // 4096 ids within a millisecond: borrow from the next
            counter = 0;
        }
        if (used + 8 > pool.length) {
            random.nextBytes(pool);
            used = 0;
        }
        long tail = 0;
        for (int i = 0; i < 8; i++) {
            tail = tail << 8 | (pool[used] & 0xff);
            pool[used++] = 0;
        }
        long high = lastMillis << 16 | 0x7000 | counter;
        long low = (tail & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return format(high, low);
    }

    /// The least id that could be made at this time: those made before it are less.
    public static String first(Instant time) {
        return format(Math.max(0, time.toEpochMilli()) << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    /// When this id was made, in milliseconds.
    ///
    /// @throws IllegalArgumentException if it is none of these ids
    public static Instant timeOf(String id) {
        if (id.length() != 36) {
            throw new IllegalArgumentException("not an id of ours: " + id);
        }
        return Instant.ofEpochMilli(Long.parseLong(id.substring(0, 8) + id.substring(9, 13), 16));
    }

    private static String format(long high, long low) {
        char[] text = new char[36];
        int at = 0;
        for (int digit = 0; digit < 32; digit++) {
            if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
                text[at++] = '-';
            }
            long half = digit < 16 ? high : low;
            text[at++] = HEX[(int) (half >>> (60 - 4 * (digit & 15))) & 0xf];
        }
        return new String(text);
    }
}
