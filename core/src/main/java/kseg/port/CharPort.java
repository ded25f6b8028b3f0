package kseg.port;

/** Where a serial line's characters go. Characters coming in are machine inputs. */
public interface CharPort {
    /** Sends one character, 0 to 255. */
    void put(int character);
}
