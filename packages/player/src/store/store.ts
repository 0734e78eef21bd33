// One value, one way to change it. Effects that a change asks for are run after the new state is in place, and
// drawing is gathered: many changes in one task are one drawing.

export type Store<S, A> = {
  get(): S;
  dispatch(action: A): void;
  /** Hears of every change, at once, with the state before. */
  watch(listener: (state: S, before: S, action: A) => void): () => void;
  /** Hears of changes once per microtask, for drawing. */
  draw(listener: (state: S, drawn: S | null) => void): () => void;
};

export function createStore<S, A>(first: S, reduce: (state: S, action: A) => S): Store<S, A> {
  let state = first;
  const watchers = new Set<(state: S, before: S, action: A) => void>();
  const drawers = new Map<(state: S, drawn: S | null) => void, S | null>();
  let isDrawQueued = false;

  const drawAll = () => {
    isDrawQueued = false;
    for (const [listener, drawn] of [...drawers]) {
      if (!drawers.has(listener) || drawn === state) continue;
      drawers.set(listener, state);
      listener(state, drawn);
    }
  };

  const queueDraw = () => {
    if (isDrawQueued) return;
    isDrawQueued = true;
    queueMicrotask(drawAll);
  };

  return {
    get: () => state,
    dispatch(action) {
      const before = state;
      state = reduce(before, action);
      if (state === before) return;
      for (const listener of [...watchers]) listener(state, before, action);
      queueDraw();
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    draw(listener) {
      drawers.set(listener, null);
      queueDraw();
      return () => drawers.delete(listener);
    },
  };
}
