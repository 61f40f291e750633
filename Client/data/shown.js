// @ts-check
// Which records stand on the page: for printing, which says so to the trail.

/** @typedef {{ model: string, ids: number[] }} Shown */
/** @type {Map<string, () => Shown | null>} */
const parts = new Map()

/**
 * Says what a part of the page shows, until the answer is called.
 * @param {string} part
 * @param {() => Shown | null} read
 */
export function shows(part, read) {
  parts.set(part, read)
  return () => {
    if (parts.get(part) === read) parts.delete(part)
  }
}

/** All that is shown now. */
export const shownNow = () => [...parts.values()].map((read) => read()).filter((each) => each !== null && each.ids.length > 0)
