package kseg.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C functions the terminal needs, under their own names. Loading this class looks them up, so
 * it must not be touched before standard input is known to be, in all likelihood, a terminal. The
 * functions may be called by any thread.
 */
@SuppressWarnings("restricted") // The one place in Kseg that calls native code.
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle ISATTY =
            find("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle TCGETATTR =
            find("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle TCSETATTR =
            find("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle TCGETPGRP =
            find("tcgetpgrp", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GETPGRP = find("getpgrp", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle KILL =
            find("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    // The second argument, nfds_t, is a long on Linux and an int on macOS: a small positive long
    // is passed alike.
    private static final MethodHandle POLL =
            find("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            find("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle IOCTL =
            find(
                    "ioctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.firstVariadicArg(2));

    private LibC() {}

    private static MethodHandle find(
            String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(address, type, options);
    }

    static boolean isatty(int fd) {
        try {
            return (int) ISATTY.invokeExact(fd) == 1;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int tcgetattr(int fd, MemorySegment termios) {
        try {
            return (int) TCGETATTR.invokeExact(fd, termios);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int tcsetattr(int fd, int when, MemorySegment termios) {
        try {
            return (int) TCSETATTR.invokeExact(fd, when, termios);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int tcgetpgrp(int fd) {
        try {
            return (int) TCGETPGRP.invokeExact(fd);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int getpgrp() {
        try {
            return (int) GETPGRP.invokeExact();
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int kill(int pid, int signal) {
        try {
            return (int) KILL.invokeExact(pid, signal);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(pollfds, count, timeoutMillis);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long read(int fd, MemorySegment buffer, long size) {
        try {
            return (long) READ.invokeExact(fd, buffer, size);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(fd, request, argument);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** C functions throw nothing: what arrives here is a wrong handle, or the JVM running out. */
    private static RuntimeException impossible(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
