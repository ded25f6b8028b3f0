package kseg.image;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The symbols of an image, by name and by address. */
public final class SymbolTable {
    /**
     * By address, unsigned; at one address functions come last, so that a search finds them first.
     */
    private static final Comparator<Symbol> BY_ADDRESS =
            ((Comparator<Symbol>) (a, b) -> Integer.compareUnsigned(a.vaddr(), b.vaddr()))
                    .thenComparing(Symbol::function);

    private final List<Symbol> byAddress;
    private final Map<String, Symbol> byName = new LinkedHashMap<>();
    private final String fault;

    /**
     * @param fault why there are none or not all, empty if there is no fault
     */
    SymbolTable(Collection<Symbol> symbols, String fault) {
        byAddress = new ArrayList<>(symbols);
        byAddress.sort(BY_ADDRESS);
        for (Symbol symbol : byAddress) {
            byName.putIfAbsent(symbol.name(), symbol);
        }
        this.fault = fault;
    }

    /** What is wrong with the symbol table of the file; empty if nothing is. */
    public String fault() {
        return fault;
    }

    /** All symbols by address. */
    public List<Symbol> all() {
        return List.copyOf(byAddress);
    }

    /** All names, by address. */
    public Collection<String> names() {
        return List.copyOf(byName.keySet());
    }

    public Optional<Symbol> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The nearest symbol at or below an address. */
    public Optional<Symbol> below(int vaddr) {
        int low = 0;
        int high = byAddress.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(byAddress.get(middle).vaddr(), vaddr) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? Optional.empty() : Optional.of(byAddress.get(low - 1));
    }

    /** {@code name+0xoffset} of an address within a symbol, or empty if none is at or below it. */
    public Optional<String> describe(int vaddr) {
        return below(vaddr)
                .filter(s ->
                        s.bytes() == 0 || Integer.toUnsignedLong(vaddr - s.vaddr()) < s.bytes())
                .map(s ->
                        vaddr == s.vaddr()
                                ? s.name()
                                : s.name() + "+" + ElfReader.hex(vaddr - s.vaddr()));
    }
}
