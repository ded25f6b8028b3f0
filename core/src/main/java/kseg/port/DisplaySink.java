package kseg.port;

/** Who looks at a text screen. */
public interface DisplaySink {
    /** The character cell at (row, column) now shows this code, 0 to 255. */
    void cell(int row, int column, int character);

    /** The cursor moved. */
    void cursor(int row, int column);
}
