package kseg.engine.compile;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import kseg.engine.CodePages;
import kseg.engine.Translation;
import kseg.engine.TranslationStore;
import kseg.memory.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * Makes regions: scouts, translates and defines their classes, in a thread of its own unless told
 * otherwise. The queue is bounded; what finds no room is asked for again while it stays hot.
 *
 * <p>The thread looks at decoded pages and page maps while their owner changes them. Whatever it
 * saw is compared with memory before a region is installed, so it can be late but not wrong.
 */
final class Compiler {
    private static final int QUEUE = 64;
    private static final int IDLE_SECONDS = 2;

    /** Most instructions of a region; more rarely fit into {@link RegionCompiler#MAX_BYTECODE}. */
    static final int MAX_INSNS = 300;

    /** Most instructions of one that ends where others are entered: rarely executed code. */
    private static final int MAX_REST = 60;

    /**
     * What to compile.
     *
     * @param space where addresses lie in the pool: in whose address space it was asked for
     * @param held whether an installed region holds the instruction at {@code pc}
     * @param replaces the region to compile again
     */
    record Request(
            int pc, boolean user, IntUnaryOperator space, boolean held, @Nullable Region replaces) {
        int frame() {
            return space.applyAsInt(pc) >>> FramePool.FRAME_SHIFT;
        }
    }

    /**
     * What came of a request.
     *
     * @param compilation null if there is nothing to compile
     * @param held whether that is because another region holds it by now, or will
     * @param failure a bug of ours, to be thrown where somebody sees it; that memory is short is
     *     none
     */
    record Answer(
            Request request,
            @Nullable Compilation compilation,
            boolean held,
            @Nullable RuntimeException failure) {}

    private final HostWorker worker;
    private final FramePool pool;
    private final CodePages code;
    private final CodeCache cache;
    private final boolean background;
    private final TranslationStore translations;
    private final ArrayBlockingQueue<Request> queue = new ArrayBlockingQueue<>(QUEUE);
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();

    /** What has been compiled and not been installed yet, and what it was made for. */
    private final Map<Compilation, Request> underWay = new ConcurrentHashMap<>();

    private boolean working;
    private volatile boolean closed;

    Compiler(
            HostWorker worker,
            CodePages code,
            CodeCache cache,
            TranslationStore translations,
            boolean background) {
        this.worker = worker;
        this.code = code;
        this.cache = cache;
        this.translations = translations;
        this.background = background;
        pool = worker.pool();
    }

    /** Finished compilations, to be installed by the owner, who says when it has. */
    @Nullable Answer poll() {
        return answers.isEmpty() ? null : answers.poll();
    }

    /** The compilation has been installed, or never will be. */
    void settled(Compilation compilation) {
        underWay.remove(compilation);
    }

    /** Asks for a region; false if there is no room in the queue now. */
    boolean request(Request request) {
        if (!background) {
            answers.add(answer(request));
            return true;
        }
        boolean accepted = queue.offer(request);
        startWorker();
        return accepted;
    }

    private synchronized void startWorker() {
        if (!working) {
            try {
                Thread.ofPlatform().daemon().name("kseg-compiler").start(this::work);
                working = true;
            } catch (OutOfMemoryError e) {
                // The host has no thread for us now: there will be other requests.
            }
        }
    }

    private void work() {
        while (true) {
            try {
                Request request = queue.poll(IDLE_SECONDS, TimeUnit.SECONDS);
                if (request != null) {
                    answerUnlessClosed(request);
                } else if (retire()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void answerUnlessClosed(Request request) {
        synchronized (answers) {
            if (!closed) {
                answers.add(answer(request));
            }
        }
    }

    /** Nothing is compiled any more when this returns. */
    void close() {
        closed = true;
        queue.clear();
        synchronized (answers) { // the last one is done
            answers.clear();
        }
    }

    private Answer answer(Request request) {
        try {
            if (background && !request.held && isHeldNow(request)) {
                return new Answer(request, null, true, null);
            }
            Compilation compilation = compile(request);
            if (compilation != null) {
                underWay.put(compilation, request);
            }
            return new Answer(request, compilation, false, null);
        } catch (OutOfMemoryError e) {
            return new Answer(request, null, false, null); // it stays interpreted
        } catch (RuntimeException e) {
            return new Answer(request, null, false, e);
        } catch (Error e) {
            var failure = new IllegalStateException("the compiler failed", e);
            return new Answer(request, null, false, failure);
        }
    }

    private synchronized boolean retire() {
        working = !queue.isEmpty();
        return !working;
    }

    @Nullable Compilation compile(Request request) {
        int outside = FramePool.outside(pool.bytes());
        var reader =
                new CodeReader(vaddr -> {
                    int address = request.space.applyAsInt(vaddr);
                    return (address & outside) == 0
                            ? code.known(address >>> FramePool.FRAME_SHIFT)
                            : null;
                });
        Hints hints = hints(request.user, request.space);
        if (!background) {
            return compile(request, reader, hints, request.pc, false);
        }
        if (request.replaces != null) {
            return compile(request, reader, hints, request.pc, request.replaces.rest);
        }
        List<Integer> entries = Surroundings.entries(reader, hints, request.pc);
        for (int entry : entries) {
            if (!hints.entered(entry)) {
                Compilation made = compile(request, reader, hints, entry, false);
                if (made != null && made.graph().holds(request.pc)) {
                    return made;
                }
            }
        }
        boolean known = !entries.isEmpty() && !entries.contains(request.pc);
        return compile(request, reader, hints, request.pc, known);
    }

    /** Whether a region made since the request was accepted holds what was asked for. */
    private boolean isHeldNow(Request request) {
        return cache.installed().holds(request.space.applyAsInt(request.pc))
                || isUnderWay(
                        request.space,
                        request.pc,
                        made -> made.user() == request.user && made.graph().holds(request.pc));
    }

    /**
     * Whether there is such a one for the same code: processes may have their own at an address.
     */
    private boolean isUnderWay(IntUnaryOperator space, int pc, Predicate<Compilation> which) {
        int address = space.applyAsInt(pc);
        return underWay.entrySet().stream()
                .anyMatch(made ->
                        which.test(made.getKey())
                                && made.getValue().space.applyAsInt(pc) == address);
    }

    private Hints hints(boolean user, IntUnaryOperator space) {
        return new Hints() {
            @Override
            public List<Integer> targets(int pc) {
                return worker.lessons.targets(pc);
            }

            @Override
            public boolean straddles(int pc) {
                return worker.lessons.hasFlaw(CodeCache.key(pc, user));
            }

            @Override
            public boolean endsSoon(int pc) {
                return worker.lessons.hasFlaw(CodeCache.key(pc, user) | Linkage.Jumps.ENDS_SOON);
            }

            @Override
            public boolean accessesDevice(int pc) {
                return !user && worker.lessons.accessesDevice(pc);
            }

            @Override
            public int heat(int pc) {
                return cache.heat(space.applyAsInt(pc));
            }

            @Override
            public boolean entered(int pc) {
                int key = CodeCache.key(pc, user);
                return cache.entered(space.applyAsInt(pc), key)
                        || isUnderWay(space, pc, made -> made.region().key == key);
            }
        };
    }

    /** Compiles a region that begins at an address. */
    private @Nullable Compilation compile(
            Request request, CodeReader reader, Hints hints, int entry, boolean rest) {
        byte[] memory = pool.bytes();
        for (int insns = rest ? MAX_REST : MAX_INSNS; insns > 0; insns = fewer(insns)) {
            var extent = new Scout.Extent(entry, request.user, insns, rest);
            Scout.Found found = Scout.scout(reader, hints, extent);
            if (found == null) {
                return null;
            }
            RegionClass type = type(request, found, memory);
            if (type != null) {
                Region region = type.instance(CodeCache.key(entry, request.user));
                region.rest = rest;
                region.small = found.graph().instructions() <= CodeReader.MAX_INLINED;
                return new Compilation(region, found.graph(), found.pages(), type);
            }
        }
        return null;
    }

    /** What to try when so many instructions are too many. */
    static int fewer(int insns) {
        return insns * 7 / 8;
    }

    /** The class for a graph; null if its method would be too long. */
    private @Nullable RegionClass type(Request request, Scout.Found found, byte[] memory) {
        Translation.Key key = found.graph().key(request.user, found.pages());
        RegionClass known = worker.find(key, memory);
        if (known != null) {
            return known;
        }
        Translation translation = translations.find(key);
        if (translation == null) {
            translation = RegionCompiler.translate(found.graph(), found.pages());
            translations.add(key, translation);
        }
        return translation.bytecodes() > RegionCompiler.MAX_BYTECODE
                ? null
                : worker.define(key, translation, request.user, memory);
    }
}
