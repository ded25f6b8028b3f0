package kseg.verify;

/**
 * Two engines' states differ.
 *
 * @param start number of the execution in the scenario
 * @param cycle at which it was seen
 */
record Mismatch(int start, long cycle) {}
