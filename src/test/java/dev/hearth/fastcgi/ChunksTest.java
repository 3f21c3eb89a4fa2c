package dev.hearth.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void what_goes_in_comes_out_in_order_however_it_is_cut(int seed) { // T11, F15
        Random random = new Random(seed);
        Chunks chunks = new Chunks(-1);
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] into = new byte[100_000];
        for (int i = 0; i < 2_000; i++) {
            byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 10 : 70_000)];
            random.nextBytes(piece);
            chunks.add(ByteBuffer.wrap(piece));
            in.writeBytes(piece);
            while (random.nextInt(3) > 0) {
                out.write(into, 0, chunks.take(into, 0, 1 + random.nextInt(into.length)));
            }
            assertThat(chunks.bytes()).isEqualTo(in.size() - out.size());
        }
        for (int count = chunks.take(into, 0, 1_000); count > 0; ) {
            out.write(into, 0, count);
            count = chunks.take(into, 0, 1_000);
        }
        assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
        assertThat(chunks.bytes()).isZero();
    }

    @Test
    void one_piece_is_given_away_without_a_copy_and_more_are_not() {
        Chunks chunks = new Chunks(-1);
        chunks.add(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(chunks.takeWhole(2)).isNull();
        assertThat(chunks.takeWhole(3)).containsExactly(1, 2, 3);
        assertThat(chunks.takeWhole(3)).isNull();

        chunks.add(ByteBuffer.wrap(new byte[] {4}));
        chunks.add(ByteBuffer.wrap(new byte[] {5}));
        assertThat(chunks.takeWhole(9)).isNull();
        assertThat(chunks.bytes()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 16 * 1024})
    void a_short_body_of_announced_length_is_one_array_however_it_came(int length) {
        Chunks chunks = new Chunks(length);
        chunks.add(ByteBuffer.allocate(2));
        assertThat(chunks.takeWhole(length)).isNull();
        chunks.add(ByteBuffer.allocate(length - 2));
        assertThat(chunks.takeWhole(length)).hasSize(length);
    }

    @Test
    void what_was_only_announced_sets_no_more_than_16_KiB_aside() {
        Chunks chunks = new Chunks(16 * 1024 + 1);
        chunks.add(ByteBuffer.allocate(2));
        assertThat(chunks.takeWhole(2)).hasSize(2);
    }
}
