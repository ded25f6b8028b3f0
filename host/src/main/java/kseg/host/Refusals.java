package kseg.host;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/** What the host's errors mean to a guest. */
final class Refusals {
    private Refusals() {}

    /**
     * @param missing the reason when there is no such file
     */
    static FileRefusedException of(IOException e, Reason missing) {
        return new FileRefusedException(
                switch (e) {
                    case NoSuchFileException _ -> missing;
                    case FileAlreadyExistsException _ -> Reason.EXISTS;
                    case NotDirectoryException _ -> Reason.NOT_DIRECTORY;
                    case FileSystemLoopException _, NotLinkException _ -> Reason.BAD_PATH;
                    case FileSystemException system -> named(system.getReason(), missing);
                    default -> named(e.getMessage(), missing);
                });
    }

    /** The JDK gives other errors by strerror(3)'s text only. */
    private static Reason named(@Nullable String text, Reason missing) {
        return switch (text) {
            case "Not a directory" -> Reason.NOT_DIRECTORY;
            case "Is a directory" -> Reason.IS_DIRECTORY;
            case "Invalid argument", "File too large" -> Reason.BAD_SIZE;
            case "No space left on device", "Disk quota exceeded" -> Reason.NO_SPACE;
            case "Input/output error" -> Reason.MEDIA;
            // A link where there was none a moment ago.
            case "Too many levels of symbolic links" -> missing;
            case "File name too long" -> Reason.BAD_PATH;
            case null, default -> Reason.UNKNOWN;
        };
    }
}
