package kseg.config;

/** A word of the configuration and where it stands. */
record Word(String text, Place place) {

    /** The name of an option, with its '=' if it has one: {@code file=} of {@code file=a.img}. */
    String option() {
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals + 1);
    }

    /** The part after the '='. */
    String value() {
        return text.substring(text.indexOf('=') + 1);
    }
}
