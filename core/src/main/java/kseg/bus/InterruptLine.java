package kseg.bus;

/** A level-triggered interrupt line from one device. */
public interface InterruptLine {
    /** Raises or lowers the line; the same level again changes nothing. */
    void set(boolean raised);

    /** Whether the line is raised. */
    boolean raised();
}
