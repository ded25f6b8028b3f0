package kseg.verify;

import java.util.List;

/**
 * A program, exception handlers and data included: what memory holds before a start.
 *
 * @param processor it is for
 * @param firmware parts many bodies share, so that a bench loads and compiles them once
 * @param parts its own
 */
public record Body(Processor processor, List<Part> firmware, List<Part> parts) {
    Body withParts(List<Part> changed) {
        return new Body(processor, firmware, changed);
    }
}
