package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
    @TempDir Path directory;

    private void configuration(String text) throws IOException {
        Files.writeString(directory.resolve("sys161.conf"), text);
    }

    private Result check(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "config";
        all[1] = "check";
        System.arraycopy(args, 0, all, 2, args.length);
        return new Kseg(directory).run(all);
    }

    @Test
    void describesTheMachine() throws IOException {
        configuration(
                """
                0 serial
                1 emufs dir=root
                2 disk file=D.img rpm=7200 paranoid nodoom
                3 nic hwaddr=7
                4 screen
                27 random seed=4294967295
                28 random autoseed
                29 timer
                30 trace
                31 mainboard ramsize=16M cpus=2
                """);
        assertThat(check("-C", "31:ramsize=508M"))
                .isEqualTo(
                        new Result(
                                0,
                                """
                                   0  serial console
                                   1  host directory root
                                   2  disk on D.img, 7200 rpm, paranoid, not counted by the doom counter
                                   3  network card, address 7, hub .sockets/hub
                                   4  text screen
                                  27  random generator, seed 4294967295
                                  28  random generator, seeded anew at every start
                                  29  timer
                                  30  trace control
                                  31  mainboard, 508M of memory, 2 processors
                                """,
                                ""));
    }

    @Test
    void tellsEveryError() throws IOException {
        configuration("0 serail\n1 disk\n31 busctl ramsize=1M\n");
        assertThat(check("sys161.conf", "-C", "5:x", "-C", "31:cpus=2"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                kseg: sys161.conf:1:3: unknown device "serail"
                                kseg:     did you mean "serial"?
                                kseg: sys161.conf:2:3: disk needs file=
                                kseg:     for example: 1 disk file=DISK1.img rpm=7200
                                kseg: -C 5:x: no device in slot 5 of sys161.conf
                                kseg:     -C adds options to configured devices, not devices
                                kseg: -C 31:cpus=2: busctl has no option "cpus=2"
                                kseg:     the old mainboard has one processor; use mainboard for more
                                """));
    }

    @Test
    void missingFile() {
        assertThat(check())
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                kseg: sys161.conf: no such file
                                kseg:     to start from a working one: kseg config default > sys161.conf
                                """));
        assertThat(check("-C", "a", "-C", "99:b").err())
                .contains("-C a: no ':' in it", "-C 99:b: slot \"99\" is not a number");
    }

    @Test
    void theBuiltInConfigurationsAreSound() throws IOException {
        Result printed = new Kseg(directory).run("config", "default");
        assertThat(printed.code()).isZero();
        configuration(printed.out());
        assertThat(check().code()).isZero();
        configuration(Resources.text("demo.conf"));
        assertThat(check().err()).isEmpty();
    }
}
