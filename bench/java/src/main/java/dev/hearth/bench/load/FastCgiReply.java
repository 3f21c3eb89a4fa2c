package dev.hearth.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads STDOUT records up to END_REQUEST and checks what they carry.
final class FastCgiReply implements Reply {

    private static final int END_REQUEST = 3;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    private final AnswerCheck check = new AnswerCheck();
    private final byte[] header = new byte[8];
    private final byte[] ending = new byte[8];
    private Expectation expected = Expectation.of(200);
    private int headerLength;
    private int endingLength;
    private int type;
    private int contentLeft;
    private int paddingLeft;

    @Override
    public void begin(Expectation next) {
        expected = next;
        headerLength = 0;
        endingLength = 0;
        contentLeft = 0;
        paddingLeft = 0;
        check.begin(next);
    }

    @Override
    public boolean take(ByteBuffer arrived) throws WrongAnswerException {
        while (arrived.hasRemaining()) {
            if (headerLength < 8) {
                header[headerLength++] = arrived.get();
                if (headerLength == 8) {
                    open();
                }
            } else if (contentLeft > 0) {
                content(arrived);
            } else {
                int skipped = Math.min(paddingLeft, arrived.remaining());
                arrived.position(arrived.position() + skipped);
                paddingLeft -= skipped;
            }
            if (headerLength == 8 && contentLeft == 0 && paddingLeft == 0) {
                headerLength = 0;
                if (type == END_REQUEST) {
                    return end(arrived);
                }
            }
        }
        return false;
    }

    private void open() throws WrongAnswerException {
        type = header[1] & 0xff;
        int id = (header[2] & 0xff) << 8 | header[3] & 0xff;
        contentLeft = (header[4] & 0xff) << 8 | header[5] & 0xff;
        paddingLeft = header[6] & 0xff;
        boolean known = type == STDOUT || type == STDERR || type == END_REQUEST && contentLeft == 8;
        if (header[0] != 1 || id != 1 || !known) {
            throw new WrongAnswerException(
                    "a record of version %d, type %d, id %d, length %d came"
                            .formatted(header[0], type, id, contentLeft));
        }
    }

    private void content(ByteBuffer arrived) throws WrongAnswerException {
        int count = Math.min(contentLeft, arrived.remaining());
        int limit = arrived.limit();
        arrived.limit(arrived.position() + count);
        contentLeft -= count;
        switch (type) {
            case STDOUT -> stdout(arrived);
            case STDERR -> {
                byte[] text = new byte[count];
                arrived.get(text);
                throw new WrongAnswerException(
                        "on STDERR: " + new String(text, StandardCharsets.UTF_8));
            }
            default -> {
                arrived.get(ending, endingLength, count);
                endingLength += count;
            }
        }
        arrived.limit(limit);
    }

    private void stdout(ByteBuffer arrived) throws WrongAnswerException {
        if (!check.inBody() && check.head(arrived)) {
            String status = check.header("status:");
            check.status(
                    status.isEmpty() ? 200 : Integer.parseInt(status.substring(0, 3)), expected);
        }
        if (check.inBody() && arrived.hasRemaining()) {
            check.body(arrived);
        }
    }

    private boolean end(ByteBuffer arrived) throws WrongAnswerException {
        if (ending[4] != 0) {
            throw new WrongAnswerException("END_REQUEST with protocol status " + ending[4]);
        }
        if (arrived.hasRemaining()) {
            throw new WrongAnswerException(arrived.remaining() + " bytes came after END_REQUEST");
        }
        check.end();
        return true;
    }

    @Override
    public boolean closed() throws WrongAnswerException {
        throw new WrongAnswerException("the connection closed before END_REQUEST");
    }
}
