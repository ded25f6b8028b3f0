package kseg.config;

import java.util.List;
import java.util.stream.Collectors;

/** Carries one or more {@link UserError}s to whoever talks to the user. */
public final class UserErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<UserError> errors;

    public UserErrorException(List<? extends UserError> errors) {
        super(text(errors), null, false, false);
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("no error to report");
        }
        this.errors = List.copyOf(errors);
    }

    public UserErrorException(UserError error) {
        this(List.of(error));
    }

    /** Everything that is wrong, in the order of the input; never empty. */
    public List<UserError> errors() {
        return errors;
    }

    private static String text(List<? extends UserError> errors) {
        return errors.stream().map(UserError::message).collect(Collectors.joining("\n"));
    }
}
