package kseg.engine.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import kseg.engine.CodePages;
import kseg.isa.Insn;
import org.junit.jupiter.api.Test;

class FastLoopTest {
    /** HotSpot never compiles a longer method (-XX:-DontCompileHugeMethods aside). */
    private static final int HUGE_METHOD_BYTES = 8000;

    static {
        // JDK 25.0.3: the first touch of java.lang.constant must be this one (DESIGN.md 8).
        assertThat(ConstantDescs.CD_int).isNotNull();
    }

    @Test
    void generatedSourceIsUpToDate() throws IOException {
        assertThat(Files.readString(FastLoopGenerator.FILE))
                .as("run FastLoopGenerator.main: the instruction table has changed")
                .isEqualTo(FastLoopGenerator.source());
    }

    @Test
    void opcodesLeaveRoomForTheSentinels() {
        assertThat(Insn.values().length).isLessThan(CodePages.OP_ODD);
    }

    @Test
    void loopIsSmallEnoughToBeCompiled() throws IOException {
        try (InputStream in = FastLoop.class.getResourceAsStream("FastLoop.class")) {
            assertThat(in).isNotNull();
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            assertThat(model.methods())
                    .flatExtracting(method -> method.code().stream().toList())
                    .extracting(code -> ((CodeAttribute) code).codeLength())
                    .isNotEmpty()
                    .allSatisfy(length -> assertThat((int) length).isLessThan(HUGE_METHOD_BYTES));
        }
    }
}
