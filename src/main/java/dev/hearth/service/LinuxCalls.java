package dev.hearth.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The few calls of the C library that the JDK has no class for. Loaded only where they are needed: the first
/// one costs some ten milliseconds.
final class LinuxCalls {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int LONGEST_ADDRESS = 128; // struct sockaddr_storage

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = find("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle DUP2 = find("dup2", JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = find("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SENDTO =
            find("sendto", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

    private LinuxCalls() {}

    @SuppressWarnings("restricted") // allowed in the manifest: Enable-Native-Access
    private static MethodHandle find(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        // sendto gives a long, the others an int; where an int is expected its sign is in bit 31.
        MemoryLayout result = name.equals("sendto") ? JAVA_LONG : JAVA_INT;
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /// A new socket for datagrams to unix addresses, closed at exec. It stays open for as long as the process
    /// lives.
    static int datagramSocket() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int fd = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            return require(fd, state, "socket");
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable broken) {
            throw new IllegalStateException("socket(2) could not be called", broken);
        }
    }

    /// Sends one datagram to a unix address: a path, or a name behind a NUL byte (an abstract one).
    static void send(int fd, byte[] datagram, byte[] address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment content = arena.allocateFrom(JAVA_BYTE, datagram);
            // struct sockaddr_un: the family in the machine's byte order, then the path.
            MemorySegment to = arena.allocate(2 + address.length + 1, 2);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(address, 0, to, JAVA_BYTE, 2, address.length);
            // An abstract name is as long as is said; a path ends with its NUL.
            int length = 2 + address.length + (address[0] == 0 ? 0 : 1);
            long sent =
                    (long)
                            SENDTO.invokeExact(
                                    state,
                                    fd,
                                    content,
                                    (long) datagram.length,
                                    MSG_NOSIGNAL,
                                    to,
                                    length);
            require(sent, state, "sendto");
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable broken) {
            throw new IllegalStateException("sendto(2) could not be called", broken);
        }
    }

    /// Makes `target` another name of what `source` is; what it was before is closed.
    static void duplicate(int source, int target) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int fd = (int) DUP2.invokeExact(state, source, target);
            require(fd, state, "dup2");
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable broken) {
            throw new IllegalStateException("dup2(2) could not be called", broken);
        }
    }

    /// Where a socket is bound: the bytes of its `struct sockaddr`.
    static byte[] address(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment address = arena.allocate(LONGEST_ADDRESS, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, LONGEST_ADDRESS);
            require(
                    (int) GETSOCKNAME.invokeExact(state, fd, address, length),
                    state,
                    "getsockname");
            int bytes = Math.min(length.get(JAVA_INT, 0), LONGEST_ADDRESS);
            return address.asSlice(0, bytes).toArray(JAVA_BYTE);
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable broken) {
            throw new IllegalStateException("getsockname(2) could not be called", broken);
        }
    }

    private static int require(long result, MemorySegment state, String call) throws IOException {
        if (result < 0) {
            throw new IOException(
                    "%s failed, errno %d".formatted(call, (int) ERRNO.get(state, 0L)));
        }
        return (int) result;
    }
}
