package kseg.engine;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Guest code that has been translated, by what it depends on: instructions, addresses, mode, and
 * where it may be entered. Given to several machines, related or not, it saves them translating the
 * same code again. They notice nothing else of each other: a translation is a function of its key.
 *
 * <p>Bounded: beyond its size what has not been asked for longest goes. Any thread may use it.
 */
public final class TranslationStore {
    /** Enough for about 2,000 regions. */
    public static final int DEFAULT_BYTES = 32 << 20;

    /** What objects around the arrays take, about. */
    private static final int OVERHEAD_BYTES = 200;

    /**
     * What the store has done since it was created.
     *
     * @param found asked for, and there
     * @param missed asked for in vain
     */
    public record Usage(long found, long missed, int translations, long bytes) {}

    private final long maxBytes;
    private final Map<Translation.Key, Translation> translations =
            new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long found;
    private long missed;

    public TranslationStore() {
        this(DEFAULT_BYTES);
    }

    /** With room for so many bytes of translations and their keys. */
    public TranslationStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The translation of what the key describes; null if it is not there. */
    public synchronized @Nullable Translation find(Translation.Key key) {
        Translation translation = translations.get(key);
        if (translation == null) {
            missed++;
        } else {
            found++;
        }
        return translation;
    }

    /** Keeps a translation, for as long as there is room. */
    public synchronized void add(Translation.Key key, Translation translation) {
        Translation before = translations.put(key, translation);
        bytes += size(key, translation) - (before == null ? 0 : size(key, before));
        Iterator<Map.Entry<Translation.Key, Translation>> oldest =
                translations.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            Map.Entry<Translation.Key, Translation> entry = oldest.next();
            bytes -= size(entry.getKey(), entry.getValue());
            oldest.remove();
        }
    }

    private static long size(Translation.Key key, Translation translation) {
        return OVERHEAD_BYTES
                + (long) Long.BYTES * key.words().length
                + translation.classFile().length
                + (long) Integer.BYTES * translation.calls().size();
    }

    public synchronized Usage usage() {
        return new Usage(found, missed, translations.size(), bytes);
    }
}
