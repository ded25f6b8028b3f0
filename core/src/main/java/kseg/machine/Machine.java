package kseg.machine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.PreciseStep;
import kseg.cpu.StrictProcessor;
import kseg.engine.CompilerSupport;
import kseg.engine.Engine;
import kseg.engine.RegionProfile;
import kseg.engine.TierReport;
import kseg.engine.compile.CompilerOptions;
import kseg.engine.trace.Profile;
import kseg.image.BootImage;
import kseg.isa.CpuModel;
import kseg.journal.Input;
import kseg.journal.Journal;
import kseg.memory.PhysicalMemory;
import kseg.port.DeviceTrace;
import kseg.port.HostFailureException;
import kseg.port.TraceKind;
import kseg.port.TraceSink;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.EventQueue;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine: a deterministic function of its specification, its image and its journal.
 *
 * <p>Not thread-safe: one thread owns it, and with it its family (its snapshots and forks, which
 * share frames). Commands take effect between calls of {@link #run}.
 */
public final class Machine implements AutoCloseable {
    private static final Exit LIMIT = new Exit.Limit();
    private static final Exit IDLE = new Exit.Idle();

    /** System/161 starts at a random part of this. */
    private static final int POWER_ON_NANOS = 10_000_000;

    private static final int KSEG0 = 0x80000000;
    private static final int REG_A0 = 4;
    private static final int REG_SP = 29;

    private final MachineSpec spec;
    private final Family family;
    private final PhysicalMemory memory;
    private final Cpu[] cpus;
    private final Timeline timeline;
    private final Schedule schedule;
    private final Sys161Board board;
    private final Mmu mmu;
    private final Engine engine;
    private final Engine stopping;
    private final Watching watching;
    private final Stops stops;
    private final Probe probe;
    private final Inputs inputs;
    private final Vigil vigil;

    private @Nullable Exit pendingExit;
    private boolean switchedOff;
    private boolean closed;

    private Machine(MachineSpec spec, Family family, HostPorts ports, PhysicalMemory memory) {
        this.spec = spec;
        this.family = family;
        this.memory = memory;
        family.join();
        cpus = new Cpu[spec.cpus()];
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = new Cpu(i, CpuModel.MIPS161, false);
        }
        watching = new Watching(this::presentCycle);
        Chance chance;
        if (spec.strict()) {
            var strict = new StrictChance(spec.seed());
            long start = strict.draw() % POWER_ON_NANOS;
            chance = strict;
            timeline = new Timeline(chance, EventRules.STRICT);
            schedule =
                    new StrictSchedule(
                            cpus,
                            timeline,
                            start,
                            this::processor,
                            watching::profiler,
                            watching::strictTracer,
                            this::misused,
                            this::off);
        } else {
            chance = new SeededChance(spec.seed());
            timeline = new Timeline(chance, EventRules.EXACT);
            schedule = new Scheduler(cpus, timeline, spec, this::misused, this::off);
        }
        inputs = new Inputs(schedule);
        board =
                Sys161Board.assemble(
                        spec,
                        ports,
                        new Sys161Board.Surroundings(
                                timeline,
                                chance,
                                new TracedControl(schedule, cpus, watching.trace()),
                                inputs,
                                watching.requests(
                                        List.of(cpus),
                                        ports.messages(),
                                        () -> stop(new Exit.DebuggerRequest()),
                                        this::watchedOtherwise),
                                watching.trace(),
                                this::misused,
                                () -> stop(new Exit.Doom())));
        vigil = new Vigil(cpus, board.bus(), timeline.queue());
        mmu = new Mmu(memory, board);
        stops = new Stops(cpus.length, cpu -> stop(new Exit.Breakpoint(cpu)));
        probe = new Probe(cpus, memory, board, stops, this::input);
        var precise = new PreciseStep(mmu, this::misused, stops);
        engine = family.engine(precise);
        Engine stepwise = family.stepwise(precise);
        watching.install(stepwise, mmu, cpus);
        stopping = new StoppingEngine(stops, mmu, watching, stepwise);
    }

    /** A machine at power-on, in a family of its own, with nothing loaded. */
    public static Machine create(MachineSpec spec, HostPorts ports, EngineKind engine) {
        return create(spec, ports, engine, CompilerSupport.none());
    }

    /** A machine whose compiler shares work with others, or with earlier runs. */
    public static Machine create(
            MachineSpec spec, HostPorts ports, EngineKind engine, CompilerSupport support) {
        return create(spec, ports, engine, support, HostWorkers.none());
    }

    /** A machine that may be given what was compiled for others, now gone. */
    public static Machine create(
            MachineSpec spec,
            HostPorts ports,
            EngineKind engine,
            CompilerSupport support,
            HostWorkers workers) {
        return create(spec, ports, engine, CompilerOptions.DEFAULT, support, workers);
    }

    /**
     * A machine whose compiler is disturbed by random delays and evictions, which must not show:
     * for tests.
     */
    public static Machine createDisturbed(MachineSpec spec, HostPorts ports, long disturbance) {
        var options = new CompilerOptions(4, false, 200, disturbance);
        var none = CompilerSupport.none();
        return create(spec, ports, EngineKind.JIT, options, none, HostWorkers.none());
    }

    static Machine create(
            MachineSpec spec,
            HostPorts ports,
            EngineKind engine,
            CompilerOptions options,
            CompilerSupport support,
            HostWorkers workers) {
        var family = new Family(spec.ramBytes(), engine, options, support, workers);
        var machine = new Machine(spec, family, ports, family.newMemory(spec.ramBytes()));
        machine.board.loadRom(machine.memory);
        return machine;
    }

    public MachineSpec spec() {
        return spec;
    }

    public Cpu cpu(int index) {
        return cpus[index];
    }

    /** The index of the CPU that has run last. */
    public int current() {
        return schedule.current();
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public Sys161Board board() {
        return board;
    }

    public Journal journal() {
        return inputs.journal();
    }

    public Position position() {
        return new Position(schedule.steps(), schedule.now(), inputs.taken());
    }

    /** Machine time, nanoseconds since power-on. */
    public long nanos() {
        return schedule.nanos();
    }

    /** Cycles of machine time during which CPUs ran, for statistics. */
    public long runCycles() {
        return schedule.runCycles();
    }

    /**
     * Cycles of machine time during which no CPU ran, for statistics. A strict machine counts some
     * of them as run too, as System/161 does.
     */
    public long idleCycles() {
        return schedule.idleCycles();
    }

    /** Cycles of machine time during which this CPU did not run, for statistics. */
    public long idleCycles(int cpu) {
        return schedule.idleCycles(cpu);
    }

    /** Machine time of the next event, in cycles; {@link Long#MAX_VALUE} if there is none. */
    public long nextEventCycle() {
        return timeline.nextCycle();
    }

    /**
     * What a later run of the same image may be given ({@link CompilerSupport}): what this run's
     * compiler found hot, and what it was told of earlier ones.
     */
    public RegionProfile profile() {
        return family.profile();
    }

    /**
     * What the compiling engine has done for this machine's family; empty if the engine is another.
     * Not part of the machine's state: equal runs differ in it. Any thread may ask; while the
     * machine runs, the numbers may be of slightly different instants.
     */
    public Optional<TierReport> tiers() {
        return family.tiers();
    }

    /**
     * Loads a boot image and its argument string and readies CPU 0 to start it. System/161's boot
     * protocol (sys161.md section 8): the string ends at the top of RAM, $a0 points to it, $sp
     * below. {@link BootImage#checkArguments} says whether the string fits.
     */
    public void load(BootImage image, String arguments) {
        family.expect(image.image());
        for (BootImage.Segment segment : image.segments()) {
            memory.put(segment.paddr(), segment.bytes());
        }
        byte[] text = BootImage.argumentBytes(arguments);
        int start = memory.sizeBytes() - text.length;
        memory.put(start, text);
        ready(image, start);
    }

    /** Readies CPU 0 to start the image, its argument string being in memory. */
    private void ready(BootImage image, int argumentAddress) {
        Cpu boot = cpus[0];
        boot.gpr[REG_A0] = KSEG0 + argumentAddress;
        boot.gpr[REG_SP] = KSEG0 + argumentAddress - 4;
        boot.start(image.entry());
    }

    /**
     * A machine of this family at power-on, as {@link #load} leaves it, whose memory is a
     * snapshot's, of one that was loaded with the same.
     */
    Machine powerOn(
            MachineSpec another,
            HostPorts ports,
            Snapshot loaded,
            BootImage image,
            String arguments) {
        var machine = new Machine(another, family, ports, memory.fork(loaded.memory));
        machine.ready(image, memory.sizeBytes() - BootImage.argumentBytes(arguments).length);
        return machine;
    }

    /**
     * Runs until the limit is reached or something ends the run.
     *
     * @throws kseg.journal.ReplayMismatchException when a replayed journal does not fit this
     *     machine
     */
    public Exit run(RunLimit limit) {
        memory.maps().serve(memory, schedule.current());
        stops.guard(memory.maps());
        family.sound(false);
        try {
            Exit exit = turn(limit);
            while (exit == null) {
                exit = turn(limit);
            }
            family.sound(true);
            return exit;
        } catch (HostFailureException e) {
            family.sound(true);
            return new Exit.HostFailure(String.valueOf(e.getMessage()));
        }
    }

    /** One turn of the loop: due events, due inputs, limits, then a CPU (DESIGN.md section 2). */
    private @Nullable Exit turn(RunLimit limit) {
        schedule.settle();
        Exit exit = pendingExit;
        if (exit != null) {
            pendingExit = null;
            timeline.setNanos(nanos());
            return exit;
        }
        if (schedule.eventDue()) {
            dispatch();
            return null;
        }
        timeline.setNanos(nanos());
        if (inputs.due()) {
            deliver(inputs.takeDue());
            return null;
        }
        if (schedule.steps() >= limit.step() || schedule.now() >= limit.cycle()) {
            return LIMIT;
        }
        if (schedule.now() >= vigil.nextCycle()) {
            return vigil.look(position()); // null: the next turn goes on
        }
        RunLimit horizon = inputs.before(limit).atMostCycle(vigil.nextCycle());
        Cpu cpu = schedule.choose();
        if (cpu == null) {
            return pass(horizon);
        }
        memory.maps().serve(memory, cpu.index());
        Engine suited = stops.concern(cpu) ? stopping : watching.engine(engine);
        schedule.run(cpu, suited, horizon);
        if (cpu.lost) {
            cpu.lost = false;
            stop(new Exit.Crash(cpu.index()));
        }
        return null;
    }

    private void dispatch() {
        var event = timeline.queue().poll();
        timeline.setNanos(schedule.instantOf(event.nanos()));
        if (event.target() != EventQueue.NOBODY) {
            board.event(event.target(), event.kind(), event.argument());
        }
    }

    /** All CPUs are idle: time jumps to the next event, input or limit. */
    private @Nullable Exit pass(RunLimit limit) {
        if (timeline.queue().size() == 0) {
            if (!inputs.replaying()) {
                return IDLE;
            }
            inputs.expectAtThisStep();
        }
        watching.allIdle(schedule.steps());
        schedule.passTo(limit.cycle());
        return null;
    }

    /**
     * How long to go on without progress, from here on; without this, for ever. Not part of the
     * machine's state.
     */
    public void setPatience(Patience patience) {
        vigil.begin(patience, position());
    }

    /** Lets time pass after {@link Exit.Idle}: an input is known to come later. */
    void idleUntil(long cycle) {
        schedule.passTo(cycle);
        timeline.setNanos(nanos());
    }

    // Watching

    /**
     * Traces these kinds from here on; the guest may switch kinds on and off by its trace card. A
     * traced run is the same run, but slow if processors are traced.
     */
    public void trace(TraceSink sink, Set<TraceKind> kinds) {
        watching.trace().start(sink, kinds);
    }

    /** Where the host's side of a device tells the trace what it does. */
    public DeviceTrace deviceTrace(TraceKind kind) {
        return watching.trace().of(kind);
    }

    /** Tells the trace what System/161 does with its cards when it has been switched off. */
    public void putAway() {
        if (spec.strict() && switchedOff) {
            board.putAway();
        }
    }

    /**
     * Profiles code of a range of addresses from here on; the guest may pause and clear it by its
     * trace card. A profiled run is the same run, but slow.
     */
    public Profile profile(int low, int high) {
        return watching.profile(low, high);
    }

    /** How a debugger looks at the machine, changes it, and has it stop. */
    public Probe probe() {
        return probe;
    }

    // Inputs

    /**
     * Takes an input at the present position, and journals it. Events that are due here come first,
     * as they will when the journal is replayed; some may be left if the run ended for a reason
     * other than its limit.
     */
    public void input(Input input) {
        while (schedule.eventDue()) {
            dispatch();
            schedule.settle();
        }
        inputs.take(input);
        timeline.setNanos(nanos());
        deliver(input);
    }

    private void deliver(Input input) {
        switch (input.kind()) {
            case REGISTER, MEMORY -> probe.apply(input);
            case CHARACTERS, FRAME, ANSWER -> board.input(input);
        }
    }

    /** Takes all further inputs from here, at their positions, until they are used up. */
    public void replay(Journal recorded) {
        inputs.replay(recorded);
    }

    /** Whether recorded inputs are still to come, as after {@link #restore}. */
    public boolean replaying() {
        return inputs.replaying();
    }

    /** Forgets the recorded inputs still to come: from here on, another future. */
    public void branch() {
        inputs.branch();
    }

    // State

    /** A complete state of a machine. Holds frames until closed. */
    public static final class Snapshot implements AutoCloseable {
        private final Position position;
        private final byte[] state;
        private final List<Object> attachments;
        private final Journal journal;
        private final PhysicalMemory.Image memory;

        private Snapshot(
                Position position,
                StateWriter parts,
                Journal journal,
                PhysicalMemory.Image memory) {
            this.position = position;
            this.journal = journal;
            state = parts.toBytes();
            attachments = parts.attachments();
            this.memory = memory;
        }

        public Position position() {
            return position;
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** The complete state at this position; cheap, memory is shared copy-on-write. */
    public Snapshot snapshot() {
        return new Snapshot(position(), save(), journal(), memory.share());
    }

    /**
     * Returns to a state of this machine or of one of its family with the same specification. A
     * machine that returns to its own past replays the inputs it took since, until it has caught up
     * or {@link #branch} is called.
     */
    public void restore(Snapshot snapshot) {
        memory.restore(snapshot.memory);
        load(snapshot);
    }

    /**
     * A new machine of this family, in a snapshot's state.
     *
     * @param ports of the new machine; {@link HostPorts#detached} unless it is to be live
     */
    public Machine fork(Snapshot snapshot, HostPorts ports) {
        var machine = new Machine(spec, family, ports, memory.fork(snapshot.memory));
        machine.load(snapshot);
        return machine;
    }

    /** Hash of everything guest-visible, equal for equal states whatever the engine. */
    public long stateHash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(save().toBytes());
            sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(memory.hash()).array());
            return ByteBuffer.wrap(sha256.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Gives the machine's frames back to its family. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
            family.leave();
        }
    }

    private StateWriter save() {
        var out = new StateWriter();
        for (Cpu cpu : cpus) {
            cpu.save(out);
        }
        schedule.save(out);
        timeline.save(out);
        board.save(out);
        return out;
    }

    private void load(Snapshot snapshot) {
        var in = new StateReader(snapshot.state, snapshot.attachments);
        for (Cpu cpu : cpus) {
            cpu.restore(in);
        }
        schedule.restore(in);
        timeline.restore(in);
        board.restore(in);
        if (!in.atEnd()) {
            throw new IllegalStateException("a state of another machine");
        }
        inputs.restore(snapshot.journal, (int) snapshot.position.input());
        pendingExit = null;
        switchedOff = false;
        memory.maps().dropAll();
    }

    private long presentCycle() {
        return timeline.nanos() / Timeline.NANOS_PER_CYCLE;
    }

    /** A CPU as a strict machine runs it. */
    private StrictProcessor processor(Cpu cpu) {
        return new StrictProcessor(cpu, mmu, this::misused);
    }

    private void off() {
        switchedOff = true;
        stop(new Exit.PowerOff());
    }

    private void misused(String reason) {
        stop(new Exit.Misuse(reason));
    }

    /**
     * The next step may be watched, or no more: {@link #turn} chooses the engine for it. A strict
     * machine shows all steps to its tracers, and a look would end its run chunk.
     */
    private void watchedOtherwise() {
        if (!spec.strict()) {
            schedule.look();
        }
    }

    /** Ends the run after the present step or event; the first reason counts. */
    private void stop(Exit exit) {
        if (pendingExit == null) {
            pendingExit = exit;
        }
        schedule.look();
    }
}
