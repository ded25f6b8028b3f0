package kseg.host;

import java.time.Duration;
import java.util.HexFormat;

/** A process under test: reads from the terminal, tells in hexadecimal what it got, ends at 'q'. */
final class TerminalProbe {
    private TerminalProbe() {}

    public static void main(String[] args) {
        boolean keepSignals = args[0].equals("signals");
        Terminal terminal = Terminal.open(keepSignals).orElse(null);
        if (terminal == null) {
            System.out.println("no terminal");
            return;
        }
        System.out.println("ready");
        byte[] buffer = new byte[64];
        while (true) {
            int count = terminal.read(buffer, Duration.ofMillis(50));
            if (count < 0) {
                System.out.println("end");
                return;
            }
            if (count > 0) {
                System.out.println("got " + HexFormat.of().formatHex(buffer, 0, count));
            }
            for (int i = 0; i < count; i++) {
                if (buffer[i] == 'q') {
                    terminal.close();
                    System.out.println("closed");
                    return;
                }
                if (buffer[i] == 's') {
                    System.out.println(terminal.size().orElseThrow());
                }
                if (buffer[i] == 'x') {
                    // Without close: the JVM's end must restore.
                    System.exit(0);
                }
            }
        }
    }
}
