package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that come to a bad end, each with its own exit code and words. */
@Timeout(60)
class BadEndsTest {
    /** Eight lines of four registers, and one of others. */
    private static final String REGISTERS =
            "(kseg:  ( +[$0-9a-z]{2} [0-9a-f]{8}){4}\n){8}"
                    + "kseg:  +hi [0-9a-f]{8}  lo [0-9a-f]{8} status [0-9a-f]{8} cause [0-9a-f]{8}"
                    + " epc [0-9a-f]{8} badvaddr [0-9a-f]{8}\n";

    @TempDir Path directory;

    private Result run(String source, String... options) throws IOException {
        MiniKernel.write(directory.resolve("kernel"), source);
        String[] all = new String[options.length + 3];
        all[0] = "run";
        all[1] = "--stats=none";
        System.arraycopy(options, 0, all, 2, options.length);
        all[all.length - 1] = "kernel";
        return new Kseg(directory).run(all);
    }

    @Test
    void misuse() throws IOException {
        Result result =
                run("lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; li $t1, 1; sw $t1, 0($t0); b .; nop");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .matches(
                        "kseg: Invalid power state.*\n"
                                + "kseg: You did something the hardware didn't like.\n"
                                + "kseg: In real life the machine would hang for no apparent reason,\n"
                                + "kseg: or maybe start to act strangely.\n"
                                + "kseg: after 4 cycles, 0.000000 seconds of machine time:\n"
                                + "kseg: cpu0: kernel mode, interrupts off\n"
                                + "kseg:   #0 at 0x800010[0-9a-f]{2}\n"
                                + REGISTERS);
    }

    @Test
    void waitingForEver() throws IOException {
        Result exit = run("wait; b .; nop");
        assertThat(exit.code()).isEqualTo(17);
        Result wait = run("wait; b .; nop", "--on-eof=wait");
        assertThat(wait.code()).isEqualTo(19);
        assertThat(wait.err())
                .isEqualTo(
                        """
                        kseg: every processor waits, and nothing can ever happen any more
                        kseg: after 1 cycles, 0.000000 seconds of machine time:
                        kseg: cpu0: kernel mode, interrupts off, waiting for an interrupt
                        kseg:   #0 at 0x80001004
                        """);
    }

    @Test
    void computingForEver() throws IOException {
        Result limit = run("b .; nop", "--max-cycles=1000001", "--engine=jit");
        assertThat(limit.code()).isEqualTo(16);
        Result dog = run("b .; nop", "-Z", "2");
        assertThat(dog.code()).isEqualTo(18);
        assertThat(dog.err())
                .matches(
                        "kseg: Caution: no progress in 2 seconds\n"
                                + "kseg: No progress in 4 seconds; stopping \\(-Z\\)\n"
                                + "kseg: after 100000000 cycles, 4.000000 seconds of machine time:\n"
                                + "kseg: cpu0: kernel mode, interrupts off\n"
                                + "kseg:   #0 at 0x8000100[04]\n"
                                + REGISTERS);
        assertThat(run("b .; nop", "-Z", "1").code()).isEqualTo(2);
    }

    @Test
    void theWatchdogOfUnattendedRuns() throws IOException {
        Result dog = run("b .; nop", "--watchdog=3");
        assertThat(dog.code()).isEqualTo(18);
        assertThat(dog.err())
                .startsWith(
                        "kseg: no progress: the kernel has computed for 3 seconds of machine time,"
                                + " and nothing ran in user mode, was printed or moved (--watchdog)\n"
                                + "kseg: after 75000000 cycles, 3.000000 seconds");
        assertThat(run("b .; nop", "--max-cycles=3100000000", "--engine=jit").code()).isEqualTo(18);
        assertThat(run("b .; nop", "--max-cycles=100000001", "--watchdog=0").code()).isEqualTo(16);
        assertThat(run("b .; nop", "--watchdog=-1").code()).isEqualTo(2);
        assertThat(run("b .; nop", "--deadlock=-1").code()).isEqualTo(2);
    }

    @Test
    void deadlockOnRequest() throws IOException {
        Result result = run("wait; b .; nop", "--deadlock=5");
        assertThat(result.code()).isEqualTo(19);
    }

    /** The guest asks for a debugger, as a panic does, and then loops for ever. */
    @Test
    void aPanicDoesNotHangTheRun() throws IOException {
        for (String end : new String[] {"b .; nop", "wait; b .; nop"}) {
            Result result = run("lui $t0, 0xbffe; sw $zero, 0x10($t0); " + end);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .matches(
                            "kseg: trace: software-requested debugger stop\n"
                                    + "kseg: Not waiting for debugger...\n"
                                    + "kseg: the guest asks for a debugger, as panics do:\n"
                                    + "kseg: cpu0:\n"
                                    + "kseg:   #0 at 0x80001008\n"
                                    + "kseg: after that it did nothing any more, and did not switch"
                                    + " the machine off\n"
                                    + "kseg:   cpu0 at 0x800010(08|0c)(, waiting)?\n");
        }
    }

    @Test
    void anExceptionBeforeThereAreHandlers() throws IOException {
        Result result = run("nop; lw $t0, 16($zero); nop");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .matches(
                        "kseg: cpu0: TLB miss on a load of 0x00000010, at 0x80001004\n"
                                + "kseg: There is no handler: Status.BEV is set, so exceptions go to"
                                + " the boot ROM,\n"
                                + "kseg: and this processor will never do anything else.\n"
                                + "kseg: after 2 cycles, 0.000000 seconds of machine time:\n"
                                + "kseg: cpu0: kernel mode, interrupts off\n"
                                + "kseg:   #0 at 0xbfc00100\n"
                                + "kseg:   #1 exception at 0x80001004\n"
                                + "kseg:   last exception: TLB miss on a load of 0x00000010, at"
                                + " 0x80001004\n"
                                + REGISTERS);
    }

    /** What it printed is in the report, as the console goes elsewhere in a test. */
    @Test
    void theLastLinesOnTheConsole() throws IOException {
        String print = "lui $t0, 0xbfe0; li $t1, 0x41; sw $t1, 0($t0); ";
        Result result = run(print + "b .; nop", "--watchdog=1");
        assertThat(result.out()).isEqualTo("A");
        assertThat(result.err()).endsWith("kseg: the last lines on the console:\nkseg:   | A\n");
    }

    /** It could not even say that something went wrong. */
    @Test
    void aSilentPowerOffAfterAFault() throws IOException {
        String powerOff = "lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; sw $zero, 0($t0); b .; nop";
        // The handler is where the vector is: a jump there, to what switches the machine off.
        String source =
                """
                lui $t0, 0x8000
                lui $t1, 0x0800
                ori $t1, $t1, 0x408     # j 0x80001020
                sw $t1, 0x80($t0)
                mtc0 $zero, $12
                nop
                lw $t2, 2($t0)
                nop
                """
                        + powerOff;
        Result result = run(source);
        assertThat(result.code()).isZero();
        assertThat(result.err())
                .startsWith(
                        "kseg: the guest has switched the machine off without a word, but its last\n"
                                + "kseg: exception on cpu0 was: address error on a load of"
                                + " 0x80000002, at 0x80001018\n");
        assertThat(run(powerOff).err()).isEmpty();
    }
}
