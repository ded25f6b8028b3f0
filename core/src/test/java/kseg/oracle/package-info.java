/**
 * Random user-mode programs, run on Kseg's engines and on qemu-mips; the outcomes must be equal. A
 * failing program is shrunk and shown as assembly language.
 */
package kseg.oracle;
