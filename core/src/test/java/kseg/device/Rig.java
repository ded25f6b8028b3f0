package kseg.device;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import kseg.bus.CardId;
import kseg.bus.CpuControl;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Lamebus;
import kseg.bus.Width;
import kseg.port.HostExchange;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import kseg.time.EventQueue;
import kseg.time.Generator;

/**
 * A bench for devices: a LAMEbus, an event queue, a clock without jitter (unless asked for), and a
 * log of everything the devices tell the outside.
 */
final class Rig implements CpuControl {
    final Lamebus bus = new Lamebus();
    final EventQueue queue = new EventQueue();
    final List<String> log = new ArrayList<>();
    final Exchange exchange = new Exchange();

    /** Set to draw 0 to 1 percent of lengthening, as the machine does. */
    Generator jitter = null;

    long nanos;
    int cpus = 1;
    int current;

    /** Asks the host and keeps its answers, or gives those it was told to. */
    static final class Exchange implements HostExchange {
        final List<byte[]> journal = new ArrayList<>();
        private Iterator<byte[]> replayed = null;

        void replay(List<byte[]> answers) {
            replayed = answers.iterator();
        }

        @Override
        public byte[] ask(int device, Supplier<byte[]> host) {
            byte[] answer = replayed == null ? host.get() : replayed.next();
            journal.add(answer.clone());
            return answer;
        }
    }

    DeviceClock clock(int slot) {
        return new SlotClock(slot);
    }

    InterruptLine line(int slot) {
        return bus.lines().line(slot);
    }

    boolean raised(int slot) {
        return (bus.lines().raised() >>> slot & 1) != 0;
    }

    <D extends Device> D attach(int slot, CardId id, D device) {
        bus.attach(slot, id, device);
        return device;
    }

    void misuse(String reason) {
        log.add("misuse: " + reason);
    }

    void message(String text) {
        log.add(text);
    }

    int read(int slot, int offset) {
        return bus.read(slot * Lamebus.SLOT_BYTES + offset, Width.WORD);
    }

    void write(int slot, int offset, int value) {
        bus.write(slot * Lamebus.SLOT_BYTES + offset, value, Width.WORD);
    }

    /** Lets machine time pass, firing what falls due. */
    void pass(long duration) {
        until(nanos + duration);
    }

    /** Lets machine time pass until this instant. */
    void until(long end) {
        while (queue.nextNanos() <= end) {
            step();
        }
        nanos = end;
    }

    /** Fires the next event. */
    void step() {
        EventQueue.Event event = queue.poll();
        nanos = event.nanos();
        bus.event(event.target(), event.kind(), event.argument());
    }

    /** Everything a machine would save. */
    StateWriter save() {
        StateWriter out = new StateWriter();
        out.putLong(nanos);
        queue.save(out);
        bus.save(out);
        return out;
    }

    void restore(StateWriter saved) {
        StateReader in = new StateReader(saved.toBytes(), saved.attachments());
        nanos = in.getLong();
        queue.restore(in);
        bus.restore(in);
        if (!in.atEnd()) {
            throw new AssertionError("state left over");
        }
    }

    @Override
    public int cpus() {
        return cpus;
    }

    @Override
    public int current() {
        return current;
    }

    @Override
    public void lamebusLine(int cpu, boolean active) {
        log.add("cpu%d lamebus %s".formatted(cpu, active ? "on" : "off"));
    }

    @Override
    public void ipiLine(int cpu, boolean active) {
        log.add("cpu%d ipi %s".formatted(cpu, active ? "on" : "off"));
    }

    @Override
    public void start(int cpu, int pc, int a0, int sp) {
        log.add("cpu%d start pc=%08x a0=%08x sp=%08x".formatted(cpu, pc, a0, sp));
    }

    @Override
    public void stop(int cpu) {
        log.add("cpu%d stop".formatted(cpu));
    }

    @Override
    public void powerOff() {
        log.add("power off");
    }

    private final class SlotClock implements DeviceClock {
        private final int slot;

        SlotClock(int slot) {
            this.slot = slot;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void after(long delayNanos, int kind, long argument) {
            long late =
                    jitter == null
                            ? 0
                            : jitter.below((int) Math.min(1 << 30, delayNanos / 100 + 1));
            exactlyAfter(delayNanos + late, kind, argument);
        }

        @Override
        public void exactlyAfter(long delayNanos, int kind, long argument) {
            queue.schedule(nanos + delayNanos, slot, kind, argument);
        }

        @Override
        public boolean cancel(int kind) {
            return queue.cancel(slot, kind);
        }

        @Override
        public boolean pending(int kind) {
            for (EventQueue.Event event : queue.inOrder()) {
                if (event.target() == slot && event.kind() == kind) {
                    return true;
                }
            }
            return false;
        }
    }
}
