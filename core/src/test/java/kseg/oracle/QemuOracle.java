package kseg.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Runs trials on qemu-mips, the user-mode emulator of Debian's package qemu-user. */
final class QemuOracle {
    private static final String PROGRAM = "qemu-mips";

    private QemuOracle() {}

    static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
    }

    /** What becomes of each trial. Their slots ascend. */
    static List<Outcome> run(List<Trial> trials) throws IOException, InterruptedException {
        Path elf = Files.createTempFile("trials", ".elf");
        Path output = Files.createTempFile("trials", ".out");
        try {
            Files.write(elf, UserElf.build(trials));
            elf.toFile().setExecutable(true);
            int status =
                    new ProcessBuilder(PROGRAM, "-cpu", "4Kc", elf.toString())
                            .redirectOutput(output.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            byte[] bytes = Files.readAllBytes(output);
            if (status != 0 || bytes.length != UserElf.recordBytes(trials)) {
                throw new IOException(
                        "%s: exit status %d, %d bytes".formatted(PROGRAM, status, bytes.length));
            }
            ByteBuffer records = ByteBuffer.wrap(bytes);
            return trials.stream().map(trial -> outcome(trial, records)).toList();
        } finally {
            Files.delete(elf);
            Files.delete(output);
        }
    }

    private static Outcome outcome(Trial trial, ByteBuffer records) {
        int record = trial.slot() * Trial.RECORD_STRIDE;
        int[] gpr = words(records, record + UserElf.GPR, 32);
        gpr[Trial.K0] = trial.recordVaddr();
        return new Outcome(
                records.getInt(record + UserElf.SIGNAL),
                records.getInt(record + UserElf.ADDRESS),
                records.getInt(record + UserElf.EPC),
                gpr,
                records.getInt(record + UserElf.HI),
                records.getInt(record + UserElf.LO),
                words(records, record + Trial.SCRATCH_OFFSET, Trial.SCRATCH_WORDS));
    }

    private static int[] words(ByteBuffer records, int offset, int count) {
        return IntStream.range(0, count).map(i -> records.getInt(offset + 4 * i)).toArray();
    }
}
