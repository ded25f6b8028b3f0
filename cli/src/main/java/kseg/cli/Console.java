package kseg.cli;

/**
 * The guest's console.
 *
 * @param slot of the serial card
 */
record Console(int slot, ConsoleOutput output, ConsoleInput input, PromptWatcher watcher) {}
