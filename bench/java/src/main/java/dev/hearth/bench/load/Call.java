package dev.hearth.bench.load;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// One request as the bytes that go on the wire, and the answer that it must get.
///
/// The buffer is direct and shared by all connections: each sends a duplicate.
public record Call(ByteBuffer wire, Expectation expected) {

    public static Call of(byte[] wire, Expectation expected) {
        ByteBuffer direct = ByteBuffer.allocateDirect(wire.length);
        direct.put(wire).flip();
        return new Call(direct, expected);
    }

    /// Where connections take their next request from; many threads ask at once.
    @FunctionalInterface
    public interface Source {
        Call next();

        /// The same request again and again.
        static Source repeating(Call call) {
            return () -> call;
        }

        /// Each request once; after the last one it begins again.
        static Source cycling(Call[] calls) {
            AtomicInteger next = new AtomicInteger();
            return () -> calls[Math.floorMod(next.getAndIncrement(), calls.length)];
        }
    }
}
