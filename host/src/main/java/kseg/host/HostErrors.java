package kseg.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/** Turns what the host's file system refuses into errors a user can act on. */
public final class HostErrors {
    private HostErrors() {}

    /** Why an operation on a file failed. */
    public static UserErrorException of(Path file, IOException cause, String hint) {
        return new UserErrorException(new UserError.Host(file.toString(), reason(cause), hint));
    }

    /** A file that is there and of the right kind could not be used. */
    static UserErrorException of(Path file, String what, String hint) {
        return new UserErrorException(new UserError.Host(file.toString(), what, hint));
    }

    /**
     * Reads a file of at most {@code most} bytes.
     *
     * @param hint what to do if there is no such file
     */
    public static byte[] read(Path file, long most, String hint) throws UserErrorException {
        if (Files.isDirectory(file)) {
            throw of(file, "is a directory", "");
        }
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) most + 1);
            if (bytes.length > most) {
                throw of(file, "is larger than " + most + " bytes", "is it the right file?");
            }
            return bytes;
        } catch (IOException e) {
            throw of(file, e, e instanceof NoSuchFileException ? hint : "");
        }
    }

    /** One clause, without the file's name. */
    public static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "exists already";
            case DirectoryNotEmptyException _ -> "is a directory that is not empty";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
