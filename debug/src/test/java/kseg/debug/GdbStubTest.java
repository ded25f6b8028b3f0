package kseg.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import kseg.isa.Assembler;
import kseg.machine.EngineKind;
import kseg.machine.Exit;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.RunLimit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stub as a client meets it; figures of the protocol as System/161's stub has them. */
class GdbStubTest {
    private static final int CODE = 0x80001000;

    private final Machine machine = machine();
    private final GdbStub stub = new GdbStub(machine, 0);

    private static Machine machine() {
        var spec = new MachineSpec(2, 1 << 20, false, List.of(), 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), EngineKind.INTERPRETER);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble("li $t0, 5\nli $t1, 6\nbreak\nnop\n", CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private String raw(String bytes) {
        byte[] replies = stub.received(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return new String(replies, StandardCharsets.ISO_8859_1);
    }

    /** The reply to a packet, without its frame; "+" alone if there is none. */
    private String ask(String packet) {
        String reply = raw(Packets.framed(packet));
        assertThat(reply).startsWith("+");
        if (reply.equals("+")) {
            return reply;
        }
        String body = reply.substring(2, reply.length() - 3);
        assertThat(reply).isEqualTo("+" + Packets.framed(body));
        return body;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "? T05thread:a;",
                "qC QCa",
                "qfThreadInfo m0a",
                "qsThreadInfo l",
                "qThreadExtraInfo,a 4350552030",
                "qThreadExtraInfo,b E02",
                "Ta OK",
                "Tb E02",
                "T1f E02",
                "Hga OK",
                "Hg0 OK",
                "Hc-1 OK",
                "Hgb E02",
                "qAttached 1",
                "qSupported:multiprocess+ PacketSize=1000",
                "p25 80001000",
                "p5000 xxxxxxxx",
                "m80001000,4 24080005",
                "m80001001,2 0800",
                "mffffffff80001000,4 24080005",
                "m800ffffe,8 0000",
                "m80100000,4 E03",
                "mc0000000,1 E03",
                "mbfc00ffc,8 0000000d",
                "M80001010,2:beef OK",
                "M80001010,2:bee E01",
                "M80001010,2:beefbeef E01",
                "M80001010,2:zzzz E01",
                "M80100000,1:00 E03",
                "Mbfc00000,1:00 E03",
                "P8=12345678 OK",
                "P99=1 E04",
                "P8 E01",
                "Pfffffff8=1 E04",
                "Z0,80001004,4 OK",
                "Z1,80001004,4 OK",
                "Z0,80001004 E01",
                "z0,80001004,4 OK",
                "m80001000 E01",
                "m,, E01",
                "m80001000,ffffffff E01",
                "sgarbage E01",
                "c123456789abcdef01 E01",
            })
    void answers(String packet, String reply) {
        assertThat(ask(packet)).isEqualTo(reply);
        assertThat(stub.wish()).isEqualTo(GdbStub.Wish.STAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X80001000,0:", "vCont?", "vMustReplyEmpty", "Z2,80001000,4", "!"})
    void knowsNothingElse(String packet) {
        assertThat(ask(packet)).isEmpty();
    }

    @Test
    void registersAreInGdbsOrder() {
        machine.cpu(0).gpr[1] = 0x11111111;
        machine.cpu(0).gpr[kseg.cpu.Cpu.LO] = 0x22222222;
        String all = ask("g");
        assertThat(all).hasSize(48 * 8);
        assertThat(all.substring(8, 16)).isEqualTo("11111111");
        assertThat(all.substring(32 * 8)).startsWith("0040000022222222").contains("80001000");
        assertThat(all.substring(37 * 8, 38 * 8)).isEqualTo("80001000");
        assertThat(all).endsWith("000000a1");
    }

    @Test
    void writesWhatItIsTold() {
        ask("P9=7f");
        ask("P0=7f");
        ask("P25=80001004");
        ask("M80002000,4:01020304");
        assertThat(machine.cpu(0).gpr[9]).isEqualTo(0x7f);
        assertThat(machine.cpu(0).gpr[0]).isZero();
        assertThat(machine.cpu(0).pc).isEqualTo(CODE + 4);
        assertThat(machine.memory().word(0x2000)).isEqualTo(0x01020304);
        assertThat(machine.journal().size()).isEqualTo(4);
    }

    @Test
    void stepsAndStops() {
        assertThat(ask("s")).isEqualTo("+");
        assertThat(stub.wish()).isEqualTo(GdbStub.Wish.RUN);
        assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Breakpoint(0));
        assertThat(text(stub.stopped(0, GdbStub.SIGTRAP))).isEqualTo("$T05thread:a;#07");
        assertThat(ask("p25")).isEqualTo("80001004");
        assertThat(ask("c")).isEqualTo("+");
        assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Breakpoint(0)); // BREAK
        stub.stopped(0, GdbStub.SIGTRAP);
        assertThat(ask("p25")).isEqualTo("80001008");
        ask("C05;80001000");
        assertThat(machine.cpu(0).pc).isEqualTo(CODE);
    }

    @Test
    void interruptsARunningMachineOnly() {
        raw("\003");
        assertThat(stub.interrupting()).isFalse();
        ask("c");
        assertThat(ask("m80001000,4")).isEqualTo("E05");
        raw("\003");
        assertThat(stub.interrupting()).isTrue();
        assertThat(text(stub.stopped(0, GdbStub.SIGINT))).startsWith("$T02thread:a;#");
        assertThat(stub.interrupting()).isFalse();
    }

    @Test
    void leavesAndKills() {
        assertThat(ask("D")).isEqualTo("OK");
        assertThat(stub.wish()).isEqualTo(GdbStub.Wish.LEAVE);
        GdbStub other = new GdbStub(machine, 0);
        other.received("$k#6b".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(other.wish()).isEqualTo(GdbStub.Wish.KILL);
    }

    @Test
    void aDisconnectedClientStopsNothingAnyMore() {
        ask("Z0,80001004,4");
        ask("s");
        stub.disconnected();
        machine.run(RunLimit.atStep(3));
        assertThat(machine.position().step()).isEqualTo(3);
    }

    @Test
    void refusesWhatIsDamagedOrTooLong() {
        assertThat(raw("$g#00")).isEqualTo("-");
        assertThat(raw("$g#zz")).isEqualTo("-");
        assertThat(raw("+-+garbage")).isEmpty();
        assertThat(raw("$brok$qC#b4")).isEqualTo("+$QCa#f5"); // the first was broken off
        String huge = "m".repeat(100_000);
        assertThat(raw(Packets.framed(huge))).isEqualTo("+" + Packets.framed("E07"));
        assertThat(ask("m80000000,fff")).hasSize(4096);
        for (int i = 0; i < 1000; i++) {
            ask("Z0,%x,4".formatted(CODE + 4 * i));
        }
        assertThat(ask("Z0,80009000,4")).isEqualTo("E06");
    }

    @Test
    void aPacketMayComeInPieces() {
        assertThat(raw("$q")).isEmpty();
        assertThat(raw("C#b")).isEmpty();
        assertThat(raw("4")).isEqualTo("+$QCa#f5");
    }

    /** Whatever comes in: a reply or none, never an exception. */
    @Test
    void nothingHostileGetsThrough() {
        var random = new Random(161);
        String commands = "?gPpmMZzcsCSHTDkqvX!";
        String filling = "0123456789abcdef,:;=-#$}*gc\003";
        for (int i = 0; i < 20_000; i++) {
            GdbStub target = new GdbStub(machine, i % 2);
            StringBuilder bytes = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                int at = random.nextInt(filling.length());
                bytes.append(random.nextInt(9) == 0 ? random.nextInt(256) : filling.charAt(at));
            }
            String command = commands.charAt(random.nextInt(commands.length())) + bytes.toString();
            String sent = random.nextBoolean() ? Packets.framed(command) : command;
            byte[] reply = target.received(sent.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(reply.length).isLessThan(20_000);
            target.stopped(0, GdbStub.SIGTRAP);
            target.disconnected();
        }
        machine.run(RunLimit.atStep(machine.position().step() + 1000));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
