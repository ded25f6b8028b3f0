package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.port.DeviceTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NicTest {
    private static final int SLOT = 4;
    private static final int RECEIVED = 0x00;
    private static final int SENT = 0x04;
    private static final int CONTROL = 0x08;
    private static final int STATUS = 0x0c;
    private static final int RECEIVE = 0x8000;
    private static final int SEND = 0x9000;
    private static final int PROMISCUOUS = 1;
    private static final int START = 2;
    private static final int ADDRESS = 0x1234;

    private final Bench bench = new Bench();

    private static final class Bench {
        final Rig rig = new Rig();
        final List<String> wire = new ArrayList<>();
        final Nic nic;

        Bench() {
            nic =
                    rig.attach(
                            SLOT,
                            CardId.NIC,
                            new Nic(
                                    SLOT,
                                    rig.line(SLOT),
                                    rig.clock(SLOT),
                                    (nanos, frame) ->
                                            wire.add(nanos + " " + HexFormat.of().formatHex(frame)),
                                    rig::message,
                                    rig::misuse,
                                    ADDRESS,
                                    DeviceTrace.NONE));
        }

        int read(int offset) {
            return rig.read(SLOT, offset);
        }

        void write(int offset, int value) {
            rig.write(SLOT, offset, value);
        }

        void deliver(String frame) {
            nic.deliver(HexFormat.of().parseHex(frame));
        }
    }

    @Test
    void theStatusIsTheAddress() {
        assertThat(bench.read(STATUS)).isEqualTo(ADDRESS);
        assertThatThrownBy(() -> bench.write(STATUS, 0)).isSameAs(BusError.INSTANCE);
        assertThat(bench.read(RECEIVED)).isZero();
        assertThat(bench.read(SENT)).isZero();
        assertThat(bench.read(CONTROL)).isZero();
    }

    @Test
    void sendingTakesTwoMillisecondsAndFillsInTheHeader() {
        bench.write(SEND, 0xffffffff);
        bench.write(SEND + 4, 0x000a5678);
        bench.write(SEND + 8, 0xcafe0000);
        bench.write(CONTROL, START);
        assertThat(bench.read(CONTROL)).isEqualTo(START);
        bench.rig.pass(1_999_999);
        assertThat(bench.wire).isEmpty();
        bench.rig.pass(1);
        assertThat(bench.wire).containsExactly("2000000 a4b31234000a5678cafe");
        assertThat(bench.read(CONTROL)).isZero();
        assertThat(bench.read(SENT)).isEqualTo(1);
        assertThat(bench.rig.raised(SLOT)).isTrue();
        assertThat(bench.read(SEND)).isEqualTo(0xa4b31234);
        bench.write(SENT, 0);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        assertThat(bench.nic.counts().writes()).isEqualTo(1);
    }

    @Test
    void sendingCannotBeCalledOff() {
        bench.write(SEND + 4, 0x00080001);
        bench.write(CONTROL, START);
        bench.write(CONTROL, PROMISCUOUS);
        assertThat(bench.read(CONTROL)).isEqualTo(START | PROMISCUOUS);
        bench.rig.pass(2_000_000);
        assertThat(bench.wire).hasSize(1);
        assertThat(bench.read(CONTROL)).isEqualTo(PROMISCUOUS);
    }

    @Test
    void theLongestFrameFillsTheBuffer() {
        bench.write(SEND + 4, 0x10000001);
        bench.write(CONTROL, START);
        bench.rig.pass(2_000_000);
        assertThat(bench.wire.getFirst()).hasSize("2000000 ".length() + 2 * 4096);
        bench.write(SEND + 4, 0x10010001);
        bench.write(SENT, 0);
        bench.write(CONTROL, START);
        bench.rig.pass(2_000_000);
        assertThat(bench.wire).hasSize(1);
        assertThat(bench.rig.log).containsExactly("misuse: Packet size too long");
        assertThat(bench.read(SENT)).isZero();
        assertThat(bench.read(CONTROL)).isZero();
    }

    @Test
    void aFrameForTheCardArrives() {
        bench.deliver("a4b30001000a1234beef");
        assertThat(bench.read(RECEIVED)).isEqualTo(1);
        assertThat(bench.rig.raised(SLOT)).isTrue();
        assertThat(bench.read(RECEIVE)).isEqualTo(0xa4b30001);
        assertThat(bench.read(RECEIVE + 8) >>> 16).isEqualTo(0xbeef);
        bench.write(RECEIVED, 0);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        bench.deliver("a4b300010008ffff");
        assertThat(bench.read(RECEIVED)).isEqualTo(1);
        assertThat(bench.nic.counts().reads()).isEqualTo(2);
    }

    @Test
    void aFrameForOthersArrivesOnlyWhenPromiscuous() {
        bench.deliver("a4b3000100084321");
        assertThat(bench.read(RECEIVED)).isZero();
        bench.write(CONTROL, PROMISCUOUS);
        bench.deliver("a4b3000100084321");
        assertThat(bench.read(RECEIVED)).isEqualTo(1);
        assertThat(bench.nic.counts().others()).isZero();
    }

    @Test
    void aFrameThatComesTooEarlyIsLost() {
        bench.deliver("a4b3000100081234");
        bench.deliver("a4b3000200081234");
        assertThat(bench.read(RECEIVE)).isEqualTo(0xa4b30001);
        assertThat(bench.nic.counts().others()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a4b30001000812",
                "a4b4000100081234",
                "a4b3000100091234",
                "a4b300010008123400"
            })
    void aBrokenFrameIsLost(String frame) {
        bench.deliver(frame);
        assertThat(bench.read(RECEIVED)).isZero();
        assertThat(bench.nic.counts().others()).isEqualTo(1);
    }

    @Test
    void aFrameLongerThanTheBufferIsLost() {
        bench.deliver("a4b3000110011234" + "00".repeat(4089));
        assertThat(bench.read(RECEIVED)).isZero();
        assertThat(bench.nic.counts().others()).isEqualTo(1);
    }

    @Test
    void softwareMayRaiseTheInterruptsToo() {
        bench.write(SENT, 1);
        assertThat(bench.rig.raised(SLOT)).isTrue();
    }

    @Test
    void otherBitsAreMisuse() {
        bench.write(RECEIVED, 2);
        bench.write(SENT, -1);
        bench.write(CONTROL, 4);
        assertThat(bench.rig.log)
                .containsExactly(
                        "misuse: Illegal network interrupt register write",
                        "misuse: Illegal network interrupt register write",
                        "misuse: Illegal network control register write");
        assertThat(bench.read(RECEIVED) | bench.read(SENT) | bench.read(CONTROL)).isZero();
    }

    @Test
    void startingToSendTwiceIsMisuse() {
        bench.write(CONTROL, START);
        bench.write(CONTROL, START);
        assertThat(bench.rig.log)
                .containsExactly(
                        "misuse: Network packet send started while send already in progress");
        assertThat(bench.rig.queue.size()).isEqualTo(1);
    }

    @Test
    void carrierIsReportedWhenItChanges() {
        bench.nic.carrier(true);
        bench.nic.carrier(false);
        bench.nic.carrier(false);
        bench.nic.carrier(true);
        assertThat(bench.rig.log)
                .containsExactly("nic: slot 4: lost carrier", "nic: slot 4: carrier detected");
        assertThat(bench.read(STATUS)).isEqualTo(ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x7ffc, 0xa000, 0xfffc})
    void elsewhereIsABusError(int register) {
        assertThatThrownBy(() -> bench.read(register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void stateSavedWhileSendingContinuesTheSame() {
        bench.deliver("a4b3000100081234");
        bench.nic.carrier(false);
        bench.write(SEND + 4, 0x000c0001);
        bench.write(SEND + 8, 0x01020304);
        bench.write(CONTROL, START | PROMISCUOUS);
        bench.rig.pass(700_000);
        Bench other = new Bench();
        other.rig.restore(bench.rig.save());
        bench.rig.pass(1_300_000);
        other.rig.pass(1_300_000);
        assertThat(other.wire).isEqualTo(bench.wire).hasSize(1);
        assertThat(other.rig.save().toBytes()).isEqualTo(bench.rig.save().toBytes());
        other.nic.carrier(true);
        assertThat(other.rig.log).containsExactly("nic: slot 4: carrier detected");
    }
}
