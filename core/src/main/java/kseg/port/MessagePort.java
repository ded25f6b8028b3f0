package kseg.port;

/** The simulator's message channel (System/161 prints these on stderr after "sys161: "). */
public interface MessagePort {
    void message(String text);
}
