package kseg.image;

/**
 * A line of a source file.
 *
 * @param directory as the compiler recorded it, empty if it was the one the compiler ran in
 * @param file its name
 */
public record SourceLine(String directory, String file, int line) {

    /** {@code directory/file:line}, without the way up from where the compiler ran. */
    @Override
    public String toString() {
        String place = directory;
        while (place.startsWith("../")) {
            place = place.substring(3);
        }
        boolean nowhere = place.isEmpty() || place.equals(".") || place.equals("..");
        return (nowhere || file.startsWith("/") ? "" : place + "/") + file + ":" + line;
    }
}
