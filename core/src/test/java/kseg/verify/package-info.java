/** Tests of the verifier, and the vectors it once found, on every engine. */
@NullMarked
package kseg.verify;

import org.jspecify.annotations.NullMarked;
