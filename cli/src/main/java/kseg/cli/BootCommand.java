package kseg.cli;

import java.util.concurrent.Callable;
import kseg.config.UserErrorException;

/** A command that boots a guest, so that {@code kseg seeds} can have it do so again and again. */
interface BootCommand extends Callable<Integer> {
    /** What it is to boot, and how. */
    Job job() throws UserErrorException;

    @Override
    Integer call() throws UserErrorException;
}
