package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.port.TraceRequests;
import org.junit.jupiter.api.Test;

class TraceControlTest {
    private static final int SLOT = 8;
    private final Rig rig = rig();

    private static Rig rig() {
        Rig rig = new Rig();
        TraceRequests requests =
                new TraceRequests() {
                    @Override
                    public void trace(char kind, boolean on) {
                        rig.log.add(kind + (on ? " on" : " off"));
                    }

                    @Override
                    public void dump() {
                        rig.log.add("dump");
                    }

                    @Override
                    public void debuggerStop() {
                        rig.log.add("stop");
                    }

                    @Override
                    public void profile(boolean on) {
                        rig.log.add("profile " + on);
                    }

                    @Override
                    public void clearProfile() {
                        rig.log.add("clear");
                    }
                };
        rig.attach(SLOT, CardId.TRACE, new TraceControl(rig::message, requests, rig::misuse));
        return rig;
    }

    @Test
    void tracesAreSwitchedByTheirLetters() {
        rig.write(SLOT, 0x00, 'k');
        rig.write(SLOT, 0x04, 'e');
        assertThat(rig.log).containsExactly("k on", "e off");
    }

    @Test
    void otherLettersAreMisuse() {
        rig.write(SLOT, 0x00, 'z');
        rig.write(SLOT, 0x04, 0);
        rig.write(SLOT, 0x04, 'k' + 0x10000);
        assertThat(rig.log)
                .containsExactly(
                        "misuse: Invalid trace code z (122)",
                        "misuse: Invalid trace code ? (0)",
                        "misuse: Invalid trace code ? (65643)");
    }

    @Test
    void codesArePrintedInDecimalAndHexadecimal() {
        rig.write(SLOT, 0x08, 161);
        rig.write(SLOT, 0x08, -1);
        assertThat(rig.log)
                .containsExactly("trace: code 161 (0xa1)", "trace: code 4294967295 (0xffffffff)");
    }

    @Test
    void aDumpStandsBetweenRules() {
        rig.write(SLOT, 0x0c, 3);
        String rule = "-".repeat(72);
        assertThat(rig.log)
                .containsExactly(
                        rule,
                        "trace: dump with code 3 (0x3)",
                        "dump",
                        "trace: dump complete",
                        rule);
    }

    @Test
    void softwareCanStopForTheDebugger() {
        rig.write(SLOT, 0x10, 0);
        assertThat(rig.log).containsExactly("trace: software-requested debugger stop", "stop");
    }

    @Test
    void profilingIsTheOnlyRegisterThatCanBeRead() {
        assertThat(rig.read(SLOT, 0x14)).isZero();
        rig.write(SLOT, 0x14, 5);
        assertThat(rig.read(SLOT, 0x14)).isEqualTo(1);
        Rig other = rig();
        other.restore(rig.save());
        assertThat(other.read(SLOT, 0x14)).isEqualTo(1);
        rig.write(SLOT, 0x14, 0);
        rig.write(SLOT, 0x18, 0);
        assertThat(rig.read(SLOT, 0x14)).isZero();
        assertThat(rig.log).containsExactly("profile true", "profile false", "clear");
        for (int register : new int[] {0, 4, 8, 0xc, 0x10, 0x18, 0x1c}) {
            assertThatThrownBy(() -> rig.read(SLOT, register)).isSameAs(BusError.INSTANCE);
        }
        assertThatThrownBy(() -> rig.write(SLOT, 0x1c, 0)).isSameAs(BusError.INSTANCE);
    }
}
