import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies a jar, giving its classes the class-file version of Java 8. The JVM keeps no class older
 * than Java 6 in an AOT cache, and picocli's are of Java 5: with them in the cache Kseg starts in
 * two thirds of the time.
 *
 * <p>Run by ./kseg after a build, from source: {@code java -cp IN.jar ModernClassFiles.java IN.jar
 * OUT.jar}. The jar is on the class path because stack maps need its class hierarchy.
 */
final class ModernClassFiles {
    private static final ClassFile CLASS_FILE =
            ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS);

    private ModernClassFiles() {}

    public static void main(String[] args) throws IOException {
        try (var in = new ZipFile(args[0]);
                var out = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
            for (ZipEntry entry : in.stream().toList()) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                // A copied entry keeps its time, so that equal input gives an equal jar.
                var copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? modern(bytes) : bytes);
                out.closeEntry();
            }
        }
    }

    private static byte[] modern(byte[] bytes) {
        ClassModel model = CLASS_FILE.parse(bytes);
        if (model.majorVersion() >= ClassFile.JAVA_8_VERSION) {
            return bytes;
        }
        return CLASS_FILE.build(
                model.thisClass().asSymbol(),
                builder -> {
                    builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                    for (var element : model) {
                        switch (element) {
                            case ClassFileVersion _ -> {}
                            // Taking the code apart makes the builder compute its stack maps.
                            case MethodModel method ->
                                    builder.transformMethod(
                                            method,
                                            MethodTransform.transformingCode(
                                                    CodeTransform.ACCEPT_ALL));
                            default -> builder.with(element);
                        }
                    }
                });
    }
}
