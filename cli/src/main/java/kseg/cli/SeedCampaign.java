package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kseg.config.UserErrorException;
import org.jspecify.annotations.Nullable;

/**
 * Many runs at a time: as many threads as wanted, each with a {@link SeedRunner} of its own. Runs
 * are handed on in the order of their seeds, whichever is ready first, so that a campaign has the
 * same result each time, also when it ends after so many failures.
 *
 * <p>Thread: its methods are called by one thread, which is not one of the runners'.
 */
final class SeedCampaign implements AutoCloseable {
    /** How many runs may wait for one before them, and use memory. */
    private static final int MOST_AHEAD = 256;

    private static final long LOOK_MILLIS = 100;

    private final long first;
    private final long last;
    private final AtomicLong nextSeed;
    private final BooleanSupplier interrupted;
    private final Semaphore room = new Semaphore(MOST_AHEAD);
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** A run that is over, or what kept a runner from its work. */
    private record Done(@Nullable SeedRun run, @Nullable Throwable failure) {}

    /** Makes a runner, in the thread that will own it. */
    interface Runners {
        SeedRunner create(BooleanSupplier stop) throws UserErrorException;
    }

    /**
     * Starts the threads.
     *
     * @param interrupted whether the user wants an end
     */
    SeedCampaign(long first, long count, int jobs, Runners runners, BooleanSupplier interrupted) {
        this.interrupted = interrupted;
        this.first = first;
        last = first + count - 1;
        nextSeed = new AtomicLong(first);
        for (int i = 1; i <= jobs; i++) {
            threads.add(
                    Thread.ofPlatform().daemon().name("seeds-" + i).unstarted(() -> work(runners)));
        }
        threads.forEach(Thread::start);
    }

    private boolean over() {
        return stopped || interrupted.getAsBoolean();
    }

    private void work(Runners runners) {
        try (SeedRunner runner = runners.create(this::over)) {
            while (!over()) {
                if (!room.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                long seed = nextSeed.getAndIncrement();
                if (seed > last) {
                    return;
                }
                SeedRun run = runner.run(seed);
                if (run.exit() != ExitCode.INTERRUPTED) {
                    done.add(new Done(run, null));
                }
            }
        } catch (InterruptedException | UserErrorException | RuntimeException | Error e) {
            done.add(new Done(null, e));
        }
    }

    /**
     * Hands on runs until there are no more, the user interrupts or {@link #stop} is called.
     *
     * @param tick called often, whether or not a run is over
     */
    void each(Consumer<SeedRun> consumer, Runnable tick) throws UserErrorException {
        TreeMap<Long, SeedRun> waiting = new TreeMap<>();
        long expected = first;
        while (expected <= last && !over()) {
            SeedRun run = next();
            if (run != null) {
                waiting.put(run.seed(), run);
            }
            while (!stopped && waiting.containsKey(expected)) {
                room.release();
                consumer.accept(waiting.remove(expected++));
            }
            tick.run();
        }
        if (!stopped) {
            waiting.values().forEach(consumer); // interrupted: what is known besides
        }
    }

    private @Nullable SeedRun next() throws UserErrorException {
        try {
            Done next = done.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null) {
                return null;
            }
            return switch (next.failure) {
                case null -> next.run;
                case UserErrorException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(next.failure);
            };
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Starts no more runs, and ends those under way. */
    void stop() {
        stopped = true;
    }

    /** Waits for the threads to end. */
    @Override
    public void close() {
        stop();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }
}
