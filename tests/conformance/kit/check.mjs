// What a check is: a sentence about the server, the clause that it comes from, and the way to find out. A clause is a
// heading of docs/ncalayer-dialect.md.

/** Thrown by a check that cannot be made here. */
export class NotRun extends Error {}

const check = (traits) => (clause, name, run) => ({ clause, name, run, ...traits });

/** What every NCALayer does, as recorded or published. */
export const always = check({});
/** The same, where somebody decides in a window. */
export const decided = check({ needsDecision: true });
/** What no client needs, or nobody has recorded, and Tanba does all the same (`--beyond`). */
export const beyond = check({ isBeyond: true });
export const beyondDecided = check({ isBeyond: true, needsDecision: true });
