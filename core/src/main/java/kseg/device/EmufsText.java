package kseg.device;

import static java.nio.charset.StandardCharsets.UTF_8;

/** How System/161's trace tells of emufs operations (sys161.md section 13). */
final class EmufsText {
    private static final int OK = 1;
    private static final int BAD_PATH = 4;

    /** What hosts say of results 4 (no such path) to 12 (unknown). */
    private static final String[] ERRORS = {
        "No such file or directory",
        "Invalid argument",
        "File exists",
        "Is a directory",
        "Input/output error",
        "out of handles",
        "No space left on device",
        "Not a directory",
        "Unknown error"
    };

    private EmufsText() {}

    /**
     * Tells of an operation that has been performed; empty where System/161 says nothing.
     *
     * @param result its result code
     * @param handle the handle register after it
     * @param length the length register after it
     */
    static String of(EmufsRequest r, int result, int handle, int length, byte[] buffer) {
        if (result < BAD_PATH && result != OK) {
            return "";
        }
        boolean good = result == OK;
        String size = Integer.toUnsignedString(r.length);
        return switch (r.operation) {
            case 1, 2, 3 -> {
                String end = length == 1 ? " (directory)" : "";
                String found = good ? "succeeded, handle " + handle + end : error(result);
                yield "open " + path(r.data) + ": " + found;
            }
            case 4 -> "close handle " + r.handle;
            case 5 -> "read " + size + " bytes, handle " + r.handle + ": " + outcome(result);
            case 6 -> {
                String name = new String(buffer, 0, Math.max(0, good ? length : 0), UTF_8);
                String found = name.isEmpty() ? "EOF" : "got " + name;
                yield "readdir %s bytes, handle %d: %s"
                        .formatted(size, r.handle, good ? found : error(result));
            }
            case 7 -> "write " + size + " bytes, handle " + r.handle + ": " + outcome(result);
            case 8 -> {
                String found = good ? Integer.toUnsignedString(length) : error(result);
                yield "handle " + r.handle + " length: " + found;
            }
            case 9 -> "truncate handle " + r.handle + " to " + size + ": " + outcome(result);
            default -> "";
        };
    }

    private static String outcome(int result) {
        return result == OK ? "success" : error(result);
    }

    private static String error(int result) {
        int index = result - BAD_PATH;
        return index >= 0 && index < ERRORS.length ? ERRORS[index] : ERRORS[ERRORS.length - 1];
    }

    private static String path(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        return new String(data, 0, end, UTF_8);
    }
}
