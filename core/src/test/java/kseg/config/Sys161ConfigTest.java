package kseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kseg.config.DeviceConfig.DiskConfig;
import kseg.config.DeviceConfig.EmufsConfig;
import kseg.config.DeviceConfig.Mainboard;
import kseg.config.DeviceConfig.NicConfig;
import kseg.config.DeviceConfig.RandomConfig;
import kseg.config.DeviceConfig.ScreenConfig;
import kseg.config.DeviceConfig.SerialConfig;
import kseg.config.DeviceConfig.TimerConfig;
import kseg.config.DeviceConfig.TraceConfig;
import org.junit.jupiter.api.Test;

/** The grammar of sys161.conf, where it is obeyed. */
class Sys161ConfigTest {
    private static final String BOARD = "31 mainboard ramsize=4M cpus=2\n";

    private static Sys161Config parse(String text, String... overrides) throws UserErrorException {
        SlotOverride[] parsed = new SlotOverride[overrides.length];
        for (int i = 0; i < overrides.length; i++) {
            parsed[i] = SlotOverride.parse(overrides[i]);
        }
        return Sys161Config.parse(text, "sys161.conf", Arrays.asList(parsed));
    }

    @Test
    void everyDeviceInOrderOfTheFile() throws UserErrorException {
        Sys161Config config =
                parse(
                        """
                        # a machine with everything
                        0\tserial
                        1 emufs dir=home   # trailing comment
                        0x2 disk rpm=7200 file=DISK1.img paranoid nodoom
                        03 disk file=DISK2.img

                        4 nic hwaddr=12 hub=/tmp/hub
                        5 screen
                        28 random seed=0x10
                        29 timer
                        30 trace
                        31 mainboard ramsize=508m cpus=32 cores=1\r
                        """);
        OptionalLong none = OptionalLong.empty();
        assertThat(config.slots())
                .containsExactly(
                        new SlotConfig(0, new SerialConfig()),
                        new SlotConfig(1, new EmufsConfig("home")),
                        new SlotConfig(2, new DiskConfig("DISK1.img", 7200, none, true, false)),
                        new SlotConfig(3, new DiskConfig("DISK2.img", 3600, none, false, true)),
                        new SlotConfig(4, new NicConfig(12, "/tmp/hub")),
                        new SlotConfig(5, new ScreenConfig()),
                        new SlotConfig(28, new RandomConfig(16, false)),
                        new SlotConfig(29, new TimerConfig()),
                        new SlotConfig(30, new TraceConfig()),
                        new SlotConfig(31, new Mainboard(508L << 20, 32, false)));
        assertThat(config.notes()).isEmpty();
        assertThat(config.mainboard().cpus()).isEqualTo(32);
        assertThat(config.at(30)).contains(new TraceConfig());
        assertThat(config.at(27)).isEmpty();
    }

    @Test
    void defaults() throws UserErrorException {
        Sys161Config config =
                parse("0 serial\n1 emufs\n2 nic hwaddr=1\n3 random\n31 mainboard ramsize=512k");
        assertThat(config.at(1)).contains(new EmufsConfig("."));
        assertThat(config.at(2)).contains(new NicConfig(1, ".sockets/hub"));
        assertThat(config.at(3)).contains(new RandomConfig(0, false));
        assertThat(config.mainboard()).isEqualTo(new Mainboard(512 << 10, 1, false));
    }

    @Test
    void oldBoardHasTwoNames() throws UserErrorException {
        Mainboard old = new Mainboard(1 << 20, 1, true);
        assertThat(parse("31 oldmainboard ramsize=1M").mainboard()).isEqualTo(old);
        assertThat(parse("31 busctl ramsize=1M").mainboard()).isEqualTo(old);
    }

    @Test
    void theLastOfRepeatedOptionsCounts() throws UserErrorException {
        Sys161Config config =
                parse(
                        "1 disk file=a file=b nodoom doom nodoom\n2 random seed=7 autoseed\n"
                                + "3 random autoseed seed=7\n31 mainboard ramsize=1M ramsize=2M");
        OptionalLong none = OptionalLong.empty();
        assertThat(config.at(1)).contains(new DiskConfig("b", 3600, none, false, false));
        assertThat(config.at(2)).contains(new RandomConfig(7, true));
        assertThat(config.at(3)).contains(new RandomConfig(7, false));
        assertThat(config.mainboard().ramBytes()).isEqualTo(2 << 20);
    }

    @Test
    void overridesComeAfterTheFilesOptionsInOrder() throws UserErrorException {
        Sys161Config config =
                parse(
                        BOARD + "2 disk file=a",
                        "31:cpus=8",
                        "31:cpus=4",
                        "0x1f:ramsize=8M",
                        "2:nodoom");
        assertThat(config.mainboard()).isEqualTo(new Mainboard(8 << 20, 4, false));
        OptionalLong none = OptionalLong.empty();
        assertThat(config.at(2)).contains(new DiskConfig("a", 3600, none, false, false));
    }

    @Test
    void anOverrideCanMendTheFile() throws UserErrorException {
        assertThat(parse("31 mainboard", "31:ramsize=1M").mainboard().ramBytes())
                .isEqualTo(1 << 20);
        assertThat(parse("31 mainboard ramsize=junk", "31:ramsize=1M").mainboard().ramBytes())
                .isEqualTo(1 << 20);
    }

    @Test
    void legacyDiskSizes() throws UserErrorException {
        Sys161Config config = parse(BOARD + "1 disk file=a sectors=0x100\n2 disk file=b size=5M");
        OptionalLong small = OptionalLong.of(256);
        OptionalLong large = OptionalLong.of(10240);
        assertThat(config.at(1)).contains(new DiskConfig("a", 3600, small, false, true));
        assertThat(config.at(2)).contains(new DiskConfig("b", 3600, large, false, true));
        assertThat(config.notes())
                .contains(
                        "sys161.conf:2:15: only used if the image is missing: see kseg disk"
                                + " create");
    }

    @Test
    void notesAreNoErrors() throws UserErrorException {
        assertThat(parse(BOARD + "1 serial what=ever\n2 serial\n3 timer 5").notes())
                .containsExactly(
                        "sys161.conf:2:10: serial takes no options; ignored",
                        "sys161.conf:4:9: timer takes no options; ignored",
                        "sys161.conf: 2 serial consoles; the last one gets the keyboard");
        assertThat(parse(BOARD).notes())
                .containsExactly("sys161.conf: no serial console; the guest will be mute");
    }

    @Test
    void longLinesAndManyWordsAreNoTrouble() throws UserErrorException {
        String many = "nodoom ".repeat(10_000);
        assertThat(parse(BOARD + "1 disk file=a " + many).at(1)).isPresent();
    }

    @Test
    void arbitraryTextNeverDoesWorseThanAUserError() {
        String[] pieces = {
            "31",
            "0",
            "-1",
            " ",
            "\n",
            "\t",
            "mainboard",
            "disk",
            "ramsize=",
            "4M",
            "=",
            "#",
            "file=x",
            "serial",
            "cpus=",
            "99999999999999999999",
            "0x",
            "é",
            "\0",
            "random",
            "seed=",
            "nic",
            ":"
        };
        SplittableRandom random = new SplittableRandom(161);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(parse(text.toString()).mainboard().cpus()).isBetween(1, 32);
            } catch (UserErrorException e) {
                assertThat(e.errors()).isNotEmpty();
            }
        }
    }

    @Test
    void slotOverridesAreChecked() {
        assertThatThrownBy(() -> SlotOverride.parse("cpus=4"))
                .hasMessage(
                        "-C cpus=4: no ':' in it\n    write SLOT:ARG, for example -C 31:cpus=4");
        assertThatThrownBy(() -> SlotOverride.parse("32:cpus=4"))
                .hasMessage("-C 32:cpus=4: slot \"32\" is not a number from 0 to 31");
        assertThatThrownBy(() -> SlotOverride.parse("-1:cpus=4"))
                .hasMessage("-C -1:cpus=4: slot \"-1\" is not a number from 0 to 31");
        assertThatThrownBy(() -> SlotOverride.parse("31:"))
                .hasMessage(
                        "-C 31:: no argument after the ':'\n"
                                + "    write SLOT:ARG, for example -C 31:cpus=4");
    }

    @Test
    void errorsAreValuesWithAPlace() {
        assertThatThrownBy(() -> parse("31 mainbord ramsize=1M"))
                .isInstanceOfSatisfying(
                        UserErrorException.class,
                        e ->
                                assertThat(e.errors())
                                        .isEqualTo(
                                                List.of(
                                                        new UserError.Config(
                                                                new Place("sys161.conf", 1, 4),
                                                                "unknown device \"mainbord\"",
                                                                "did you mean \"mainboard\"?"))));
    }
}
