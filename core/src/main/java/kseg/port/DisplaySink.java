package kseg.port;

/** Who looks at a text screen. Rows and columns count from 0. */
public interface DisplaySink {
    /** The character cell at (row, column) now shows this code, 0 to 255. */
    void cell(int row, int column, int character);

    /** The cursor moved; a position off the screen hides it. */
    void cursor(int row, int column);
}
