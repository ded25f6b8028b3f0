package kseg.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The C functions the terminal needs, under their own names. Loading this class looks them up, so
 * it must not be touched before standard input is known to be, in all likelihood, a terminal. The
 * functions may be called by any thread.
 *
 * <p>All are called as {@code long f(long, long, long)}, because the JVM generates code for each
 * type of native function and that takes 15 ms a type (start-up goes from 155 to 80 ms of CPU). In
 * the calling conventions of 64-bit x86 and ARM, arguments of these kinds travel in registers; a
 * callee looks at those it declares, and of those at the bits of the type it declares. So results
 * are cut to the type declared in C. {@code ioctl} is variadic, which is different on macOS.
 */
@SuppressWarnings("restricted") // The one place in Kseg that calls native code.
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle ISATTY = find("isatty");
    private static final MethodHandle TCGETATTR = find("tcgetattr");
    private static final MethodHandle TCSETATTR = find("tcsetattr");
    private static final MethodHandle TCGETPGRP = find("tcgetpgrp");
    private static final MethodHandle GETPGRP = find("getpgrp");
    private static final MethodHandle KILL = find("kill");
    private static final MethodHandle POLL = find("poll");
    private static final MethodHandle READ = find("read");

    /** Looked up by the first question for the window's size only. */
    private static final class Variadic {
        static final MethodHandle IOCTL = find("ioctl", Linker.Option.firstVariadicArg(2));
    }

    /** Looked up by a process that leaves its terminal or becomes another only. */
    private static final class Jobs {
        static final MethodHandle SETSID = find("setsid");
        static final MethodHandle SETENV = find("setenv");
        static final MethodHandle EXECV = find("execv");
    }

    /** Looked up by the first lock of a disk image only. */
    private static final class Locking {
        static final MethodHandle OPEN = find("open");
        static final MethodHandle FLOCK = find("flock");
        static final MethodHandle CLOSE = find("close");
    }

    /** Looked up by the first datagram socket only. */
    private static final class Sockets {
        static final MethodHandle SOCKET = find("socket");
        static final MethodHandle BIND = find("bind");
        static final MethodHandle RECVMSG = find("recvmsg");
    }

    /** Looked up by the first frame that a hub sends on only: its errors must be told apart. */
    private static final class Offering {
        static final MethodHandle SENDMSG =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("sendmsg"),
                        TYPE,
                        Linker.Option.captureCallState("errno"));
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    }

    /** Looked up by the first question for a file's room on the disk only. */
    private static final class FileStatus {
        /** Not a function of its own before glibc 2.33. */
        static final Optional<MethodHandle> STAT =
                LINKER.defaultLookup()
                        .find("stat")
                        .map(address -> LINKER.downcallHandle(address, TYPE));
    }

    private LibC() {}

    private static MethodHandle find(String name, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(address, TYPE, options);
    }

    static boolean isatty(int fd) {
        return (int) call(ISATTY, fd, 0, 0) == 1;
    }

    static int tcgetattr(int fd, MemorySegment termios) {
        return (int) call(TCGETATTR, fd, termios.address(), 0);
    }

    static int tcsetattr(int fd, int when, MemorySegment termios) {
        return (int) call(TCSETATTR, fd, when, termios.address());
    }

    static int tcgetpgrp(int fd) {
        return (int) call(TCGETPGRP, fd, 0, 0);
    }

    static int getpgrp() {
        return (int) call(GETPGRP, 0, 0, 0);
    }

    static int setsid() {
        return (int) call(Jobs.SETSID, 0, 0, 0);
    }

    static int setenv(MemorySegment name, MemorySegment value) {
        return (int) call(Jobs.SETENV, name.address(), value.address(), 1);
    }

    /** Does not return unless it fails. */
    static int execv(MemorySegment file, MemorySegment arguments) {
        return (int) call(Jobs.EXECV, file.address(), arguments.address(), 0);
    }

    static int kill(int pid, int signal) {
        return (int) call(KILL, pid, signal, 0);
    }

    static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        return (int) call(POLL, pollfds.address(), count, timeoutMillis);
    }

    static long read(int fd, MemorySegment buffer, long size) {
        return call(READ, fd, buffer.address(), size);
    }

    static int ioctl(int fd, long request, MemorySegment argument) {
        return (int) call(Variadic.IOCTL, fd, request, argument.address());
    }

    /** Negative if there is no such function or it failed. */
    static int stat(MemorySegment path, MemorySegment status) {
        return FileStatus.STAT
                .map(function -> (int) call(function, path.address(), status.address(), 0))
                .orElse(-1);
    }

    /** Opens a file that exists; the descriptor, or -1. */
    static int open(MemorySegment path, int flags) {
        return (int) call(Locking.OPEN, path.address(), flags, 0);
    }

    static int flock(int fd, int operation) {
        return (int) call(Locking.FLOCK, fd, operation, 0);
    }

    static int close(int fd) {
        return (int) call(Locking.CLOSE, fd, 0, 0);
    }

    static int socket(int domain, int type, int protocol) {
        return (int) call(Sockets.SOCKET, domain, type, protocol);
    }

    static int bind(int fd, MemorySegment address, int length) {
        return (int) call(Sockets.BIND, fd, address.address(), length);
    }

    /** Sends a message; answers 0, or errno. */
    static int sendmsgError(int fd, MemorySegment message, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Offering.STATE);
            long from = message.address();
            long sent = (long) Offering.SENDMSG.invokeExact(state, (long) fd, from, (long) flags);
            return sent >= 0 ? 0 : state.get(JAVA_INT, Offering.ERRNO);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            // C functions throw nothing.
            throw new IllegalStateException(e);
        }
    }

    static long recvmsg(int fd, MemorySegment message, int flags) {
        return call(Sockets.RECVMSG, fd, message.address(), flags);
    }

    private static long call(MethodHandle function, long a, long b, long c) {
        try {
            return (long) function.invokeExact(a, b, c);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            // C functions throw nothing.
            throw new IllegalStateException(e);
        }
    }
}
