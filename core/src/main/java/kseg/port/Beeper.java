package kseg.port;

/** The speaker on the timer card. */
public interface Beeper {
    void beep();
}
