package kseg.port;

/** Where a device tells what it is doing, while somebody wants to know. */
public interface DeviceTrace {
    /** Nobody wants to know. */
    DeviceTrace NONE =
            new DeviceTrace() {
                @Override
                public boolean on() {
                    return false;
                }

                @Override
                public void say(String text) {}
            };

    /** Whether there is a point in saying anything. */
    boolean on();

    /** Says one line. */
    void say(String text);
}
