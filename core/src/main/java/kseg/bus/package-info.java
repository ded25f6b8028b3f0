/**
 * What a device is to the machine, and LAMEbus. A device knows neither its address nor the CPUs: it
 * answers reads and writes, drives one interrupt line, and is called back by the event queue.
 * Devices are called by the machine's owner only, in the order of machine time.
 */
@NullMarked
package kseg.bus;

import org.jspecify.annotations.NullMarked;
