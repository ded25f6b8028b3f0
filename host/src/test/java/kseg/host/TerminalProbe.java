package kseg.host;

import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;

/** A process under test: reads from the terminal, tells in hexadecimal what it got, ends at 'q'. */
final class TerminalProbe {
    private static final CountDownLatch ENDED = new CountDownLatch(1);

    private TerminalProbe() {}

    public static void main(String[] args) {
        boolean keepSignals = !args[0].equals("characters");
        Terminal terminal = Terminal.open(keepSignals).orElse(null);
        if (terminal == null) {
            System.out.println("no terminal");
            return;
        }
        if (args[0].equals("hook")) {
            Runtime.getRuntime().addShutdownHook(new Thread(TerminalProbe::awaitEnd));
        }
        System.out.println("ready");
        byte[] buffer = new byte[64];
        while (true) {
            int count = terminal.read(buffer, Duration.ofMillis(50));
            if (count < 0) {
                System.out.println("end");
                ENDED.countDown();
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

    /** The JVM does not end before the reader has put its things in order. */
    private static void awaitEnd() {
        try {
            ENDED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
