package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kseg.bus.FrameLink;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two machines play ping-pong over a wire; one counts the rounds and then switches itself off. */
class LinkedMachinesTest {
    private static final int NIC = 3;
    private static final int START = 0x80001000;
    private static final int ROUNDS = 20;
    private static final int REG_S3 = 19;

    /** Sends a number to card 2, waits for the answer, and goes on with that until it is 20. */
    private static final String SERVER_OF_BALLS =
            """
            serve:  li $t0, 0x000c0002
                    jal send
                    nop
                    jal receive
                    nop
                    li $t3, 20
                    bne $s3, $t3, serve
                    nop
                    li $t4, 0xbfff7e08
                    sw $zero, 0($t4)
            over:   b over
                    nop
            """;

    /** Answers card 1 with one more. */
    private static final String RETURNER =
            """
            play:   jal receive
                    nop
                    addiu $s3, $s3, 1
                    li $t0, 0x000c0001
                    jal send
                    nop
                    b play
                    nop
            """;

    private static final String CARD =
            """
            send:   li $s0, 0xbfe30000
                    li $s1, 0xbfe39000
                    sw $t0, 4($s1)
                    sw $s3, 8($s1)
                    li $t1, 2
                    sw $t1, 8($s0)
            sending: lw $t2, 4($s0)
                    beqz $t2, sending
                    nop
                    sw $zero, 4($s0)
                    jr $ra
                    nop
            receive: li $s0, 0xbfe30000
                    li $s2, 0xbfe38000
            idle:   lw $t2, 0($s0)
                    beqz $t2, idle
                    nop
                    lw $s3, 8($s2)
                    sw $zero, 0($s0)
                    jr $ra
                    nop
            """;

    /** As {@link #CARD}, but waits with WAIT instead of reading the card all the time. */
    private static final String WAITING_CARD =
            CARD.replace("idle:   lw", "idle:   wait\n        lw")
                    .replace("sending: lw", "sending: wait\n        lw");

    private static MachineSpec spec(int address) {
        var nic = new SlotConfig(NIC, new DeviceConfig.NicConfig(address, ""));
        return new MachineSpec(1, 1 << 20, false, List.of(nic), address, 1, 0, 0);
    }

    private static Machine machine(int address, String program, HostPorts ports) {
        Machine machine = Machine.create(spec(address), ports, EngineKind.INTERPRETER);
        int paddr = START & 0x1fffffff;
        for (int word : Assembler.assemble(program, START)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(START);
        return machine;
    }

    /** Both machines and how they ended. */
    private static final class Match {
        final Machine server;
        final Machine returner;
        final LinkedMachines.Stop stop;

        /**
         * @param end of the wire at which the server is, and so whether it runs first
         */
        Match(String card, long latencyNanos, int end) {
            FrameLink link = new FrameLink(latencyNanos);
            server = machine(1, SERVER_OF_BALLS + card, ports(link, end));
            returner = machine(2, RETURNER + card, ports(link, 1 - end));
            var one = new LinkedMachines.Station(server, NIC);
            var two = new LinkedMachines.Station(returner, NIC);
            LinkedMachines both =
                    end == 0
                            ? new LinkedMachines(link, one, two)
                            : new LinkedMachines(link, two, one);
            stop = both.run(10_000_000_000L);
        }

        private static HostPorts ports(FrameLink link, int end) {
            return HostPorts.none().withNetworks(slot -> link.port(end));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 100_000, 50_000_000})
    void theBallTravelsTwentyTimesThereAndBack(long latencyNanos) {
        Match match = new Match(WAITING_CARD, latencyNanos, 0);
        assertThat(match.stop).isEqualTo(new LinkedMachines.Stop(0, new Exit.PowerOff()));
        assertThat(match.server.cpu(0).gpr[REG_S3]).isEqualTo(ROUNDS);
        // Each way takes 2 ms to send, lengthened by up to 1 percent, and the latency.
        long least = ROUNDS * 2 * (2_000_000 + latencyNanos) + 5_000_000;
        assertThat(match.server.nanos()).isBetween(least, least + least / 50 + latencyNanos);
    }

    @Test
    void itDoesNotMatterWhichMachineRunsFirst() {
        Match one = new Match(CARD, 100_000, 0);
        Match other = new Match(CARD, 100_000, 1);
        assertThat(one.stop.end()).isZero();
        assertThat(other.stop.end()).isEqualTo(1);
        assertThat(other.server.stateHash()).isEqualTo(one.server.stateHash());
        assertThat(other.returner.stateHash()).isEqualTo(one.returner.stateHash());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachMachineCanBeReplayedWithoutTheOther(boolean waiting) {
        Match match = new Match(waiting ? WAITING_CARD : CARD, 300_000, 0);
        String program = RETURNER + (waiting ? WAITING_CARD : CARD);
        Machine alone = machine(2, program, HostPorts.none());
        alone.replay(match.returner.journal());
        Position end = match.returner.position();
        while (alone.position().cycle() < end.cycle()) {
            Exit exit = alone.run(RunLimit.atCycle(end.cycle()));
            if (exit instanceof Exit.Idle) {
                alone.idleUntil(end.cycle());
            }
        }
        assertThat(alone.position()).isEqualTo(end);
        assertThat(alone.stateHash()).isEqualTo(match.returner.stateHash());
    }
}
