/**
 * Makes a kind of objects whose parts are made when they are first asked for, each once. The object itself costs next to
 * nothing, however many parts it could have: most operations use one or two.
 */
export function lazily<Seed, Parts extends object>(makers: {
  readonly [Name in keyof Parts]: (seed: Seed, all: Parts) => Parts[Name];
}): (seed: Seed) => Parts {
  class Lazy {
    readonly made: Partial<Parts> = {};

    constructor(readonly seed: Seed) {}
  }
  for (const name of Object.keys(makers) as (keyof Parts)[])
    Object.defineProperty(Lazy.prototype, name, {
      get(this: Lazy & Parts) {
        return (this.made[name] ??= makers[name](this.seed, this));
      },
    });
  return (seed) => new Lazy(seed) as unknown as Parts;
}
