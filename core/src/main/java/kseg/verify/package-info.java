/**
 * Engines against each other: random programs and random starts, run by the reference one step at a
 * time and by another engine in slices, with equal states wherever both stop.
 *
 * <p>A {@link kseg.verify.Scenario} is one program and some starts. {@link kseg.verify.Verifier}
 * draws them without end, counts what they covered, and shrinks one that fails to a {@link
 * kseg.verify.VectorText}. Everything follows from a seed. One thread uses a verifier; it knows no
 * clock.
 */
@NullMarked
package kseg.verify;

import org.jspecify.annotations.NullMarked;
