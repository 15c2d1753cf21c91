/** Work that is made of the same work for what is inside; yields that, to be done before it goes on. */
export type Nested = Generator<Nested, void, void>

/** Does nested work with a stack of its own: processes that call each other nest deeper than functions may. */
export function doNested(work: Nested): void {
  const open = [work]
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    const { done, value } = current.next()
    if (done === true) open.pop()
    else open.push(value)
  }
}
