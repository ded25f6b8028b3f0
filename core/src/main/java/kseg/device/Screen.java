package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Width;
import kseg.port.DisplaySink;
import kseg.port.MessagePort;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * Text screen with keyboard (System/161 manual, "Screen console", device 5 revision 1, which
 * System/161 describes but never built).
 *
 * <p>Writing is storing characters in the screen memory, one byte a cell, row by row; it takes no
 * time. Reading is as with the serial console. Positions have the column in the upper and the row
 * in the lower half; a cursor off the screen is invisible. The size is fixed: a write is ignored.
 * {@link Counts}: characters read, words of screen memory written.
 */
public final class Screen implements Device {
    /** Position of the cursor. */
    private static final int R_CURSOR = 0x00;

    /** Size of the screen. */
    private static final int R_SIZE = 0x04;

    /** The last character received, read only. */
    private static final int R_DATA = 0x08;

    /** Read interrupts. */
    private static final int R_READ_IRQ = 0x0c;

    private static final int MEMORY = 0x8000;
    private static final int MEMORY_BYTES = 0x8000;

    private static final int E_NEXT_INPUT = 0;
    private static final int E_UNRESPONSIVE = 1;

    private final InterruptLine line;
    private final DisplaySink display;
    private final int columns;
    private final int rows;
    private final Counts counts = new Counts();
    private final CharacterReceiver input;

    private int cursor;
    private final byte[] memory = new byte[MEMORY_BYTES];

    public Screen(
            InterruptLine line,
            DeviceClock clock,
            DisplaySink display,
            MessagePort messages,
            int columns,
            int rows) {
        if (columns < 1 || rows < 1 || (long) columns * rows > MEMORY_BYTES) {
            throw new IllegalArgumentException(
                    "a screen of %d by %d does not fit".formatted(columns, rows));
        }
        this.line = line;
        this.display = display;
        this.columns = columns;
        this.rows = rows;
        this.input = new CharacterReceiver(clock, messages, E_NEXT_INPUT, E_UNRESPONSIVE, false);
    }

    /** Takes characters typed at the keyboard: an external input of the machine. */
    public void receive(byte[] characters) {
        input.receive(characters);
        updateLine();
    }

    /** How many characters can be received without exceeding the 511 that System/161 holds. */
    public int room() {
        return input.room();
    }

    public Counts counts() {
        return counts;
    }

    /** Shows the whole screen again, for a display that has just been connected. */
    public void repaint() {
        for (int cell = 0; cell < columns * rows; cell++) {
            show(cell);
        }
        showCursor();
    }

    @Override
    public int read(int offset, Width width) {
        if (offset == R_DATA) {
            counts.reads++;
            return input.take();
        }
        if (offset > R_READ_IRQ && offset < MEMORY) {
            throw BusError.INSTANCE;
        }
        return peek(offset);
    }

    @Override
    public void write(int offset, int value, Width width) {
        if (offset >= MEMORY) {
            store(offset - MEMORY, value);
            return;
        }
        switch (offset) {
            case R_CURSOR -> {
                cursor = value;
                showCursor();
            }
            case R_SIZE -> {}
            case R_READ_IRQ -> {
                input.writeIrq(value);
                updateLine();
            }
            default -> throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int offset) {
        if (offset >= MEMORY) {
            return Words.get(memory, offset - MEMORY);
        }
        return switch (offset) {
            case R_CURSOR -> cursor;
            case R_SIZE -> columns << 16 | rows;
            case R_DATA -> input.peek();
            case R_READ_IRQ -> input.irq();
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        switch (kind) {
            case E_NEXT_INPUT -> input.next();
            case E_UNRESPONSIVE -> input.complain();
            default -> throw new IllegalArgumentException("screen event " + kind);
        }
        updateLine();
    }

    @Override
    public void save(StateWriter out) {
        out.section("screen", 1);
        out.putInt(cursor);
        out.putBytes(memory);
        input.save(out);
        counts.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("screen", 1);
        cursor = in.getInt();
        in.getBytes(memory);
        input.restore(in);
        counts.restore(in);
    }

    /** Stores four cells, and shows those that changed. */
    private void store(int first, int value) {
        int old = Words.get(memory, first);
        Words.put(memory, first, value);
        counts.writes++;
        for (int i = 0; i < 4; i++) {
            boolean changed = ((old ^ value) << 8 * i) >>> 24 != 0;
            if (changed && first + i < columns * rows) {
                show(first + i);
            }
        }
    }

    private void show(int cell) {
        display.cell(cell / columns, cell % columns, memory[cell] & 0xff);
    }

    private void showCursor() {
        display.cursor(cursor & 0xffff, cursor >>> 16);
    }

    private void updateLine() {
        line.set(input.asserted());
    }
}
