package dev.hearth.bench.load;

import java.nio.ByteBuffer;

/// Reads the answers of one connection, one after the other. Owned by the connection's thread.
sealed interface Reply permits FastCgiReply, HttpReply {

    /// Makes ready for the next answer.
    void begin(Expectation expected);

    /// Takes what has arrived and leaves the buffer empty; true once the answer is complete and right.
    boolean take(ByteBuffer arrived) throws WrongAnswerException;

    /// The peer closed: true where that rightly ends the answer.
    boolean closed() throws WrongAnswerException;
}
