package dev.hearth.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Holds one answer against its expectation while it arrives; nothing of the body is kept.
///
/// Owned by the thread of its connection.
final class AnswerCheck {

    private final byte[] head = new byte[16 * 1024];
    private int headLength;
    private boolean inBody;
    private long bodyLength;
    private byte[] wantedBody = new byte[0];
    private boolean anyBody;

    void begin(Expectation expected) {
        headLength = 0;
        inBody = false;
        bodyLength = 0;
        anyBody = expected.body().isEmpty();
        wantedBody = expected.body().orElse(wantedBody);
    }

    /// Takes bytes of the head up to and with its blank line; true once that was met.
    boolean head(ByteBuffer arrived) throws WrongAnswerException {
        while (arrived.hasRemaining()) {
            byte next = arrived.get();
            if (headLength == head.length) {
                throw new WrongAnswerException(
                        "the answer's head is longer than " + head.length + " bytes");
            }
            head[headLength++] = next;
            if (next == '\n' && endsWithBlankLine()) {
                inBody = true;
                return true;
            }
        }
        return false;
    }

    private boolean endsWithBlankLine() {
        int last = headLength - 1;
        return last >= 1
                && (head[last - 1] == '\n'
                        || last >= 2 && head[last - 1] == '\r' && head[last - 2] == '\n'
                        || last == 1 && head[0] == '\r');
    }

    boolean inBody() {
        return inBody;
    }

    /// The value of a header, or an empty text; a name is lower case and ends in a colon.
    String header(String name) {
        int at = 0;
        while (at < headLength) {
            int end = at;
            while (end < headLength && head[end] != '\n') {
                end++;
            }
            if (startsWith(at, name)) {
                return text(at + name.length(), end).strip();
            }
            at = end + 1;
        }
        return "";
    }

    private boolean startsWith(int at, String name) {
        if (headLength - at < name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            int letter = head[at + i];
            if ((letter >= 'A' && letter <= 'Z' ? letter + 32 : letter) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    int headLength() {
        return headLength;
    }

    void status(int status, Expectation expected) throws WrongAnswerException {
        if (status != expected.status()) {
            throw new WrongAnswerException(
                    "status %d wanted, %d came: %s"
                            .formatted(
                                    expected.status(),
                                    status,
                                    text(0, Math.min(headLength, 300)).strip()));
        }
    }

    /// Takes bytes of the body and leaves the buffer empty.
    void body(ByteBuffer arrived) throws WrongAnswerException {
        int count = arrived.remaining();
        if (!anyBody) {
            if (bodyLength + count > wantedBody.length
                    || arrived.mismatch(ByteBuffer.wrap(wantedBody, (int) bodyLength, count))
                            >= 0) {
                byte[] came = new byte[Math.min(200, count)];
                arrived.get(came);
                throw new WrongAnswerException(
                        "the body differs from the expected at or after byte %d, there it is: %s"
                                .formatted(bodyLength, new String(came, StandardCharsets.UTF_8)));
            }
        }
        bodyLength += count;
        arrived.position(arrived.limit());
    }

    void end() throws WrongAnswerException {
        if (!inBody) {
            throw new WrongAnswerException(
                    "the answer ended inside its head: "
                            + Arrays.toString(Arrays.copyOf(head, headLength)));
        }
        if (!anyBody && bodyLength != wantedBody.length) {
            throw new WrongAnswerException(
                    "a body of %d bytes wanted, %d came".formatted(wantedBody.length, bodyLength));
        }
    }
}
