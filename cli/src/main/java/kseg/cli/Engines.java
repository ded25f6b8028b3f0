package kseg.cli;

import java.util.List;
import kseg.config.Nearest;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.machine.EngineKind;

/** The engines by the names that users give them. */
final class Engines {
    private static final List<String> NAMES = List.of("interp", "jit");

    private Engines() {}

    static EngineKind named(String name) throws UserErrorException {
        return switch (name) {
            case "interp" -> EngineKind.INTERPRETER;
            case "jit" -> EngineKind.JIT;
            default -> {
                String hint =
                        Nearest.to(name, NAMES)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("engines are " + String.join(" and ", NAMES));
                throw new UserErrorException(
                        new UserError.Usage("there is no engine \"" + name + "\"", hint));
            }
        };
    }
}
