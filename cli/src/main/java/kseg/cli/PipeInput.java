package kseg.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Input from a pipe, socket or the terminal of a daemon's client, whose end only a blocking read
 * can see. One daemon thread reads and hands over blocks; it holds back when the guest falls
 * behind.
 */
final class PipeInput implements ConsoleInput {
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] END = new byte[0];

    /** How often the reader looks whether the run is over, while nobody takes what it has read. */
    private static final long LOOK_MILLIS = 1000;

    private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(64);
    private final boolean person;
    private boolean ended;
    private volatile boolean closed;

    /**
     * @param person whether a person types there
     */
    PipeInput(InputStream in, boolean person) {
        this.person = person;
        Thread.ofPlatform().daemon().name("console-input").start(() -> readAll(in));
    }

    private void readAll(InputStream in) {
        byte[] block = new byte[BLOCK_BYTES];
        try {
            int count = in.read(block);
            while (count >= 0 && handOver(Arrays.copyOf(block, count))) {
                count = in.read(block);
            }
            handOver(END);
        } catch (IOException e) {
            blocks.clear();
            blocks.add(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for room; false if nobody will ever take it. */
    private boolean handOver(byte[] block) throws InterruptedException {
        while (!closed) {
            if (blocks.offer(block, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] take(Duration patience) {
        if (ended) {
            return NONE;
        }
        byte[] block;
        try {
            block = blocks.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NONE;
        }
        if (block != null && block.length == 0) {
            ended = true;
        }
        return block == null ? NONE : block;
    }

    @Override
    public void guestDid(long machineNanos, boolean nothing) {}

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean isPerson() {
        return person && !ended;
    }

    @Override
    public void close() {
        closed = true;
        blocks.clear();
    }
}
