// @ts-check
// The words of a document's pages with their places, as the server gives them, and where among them a text stands.

import { Refused } from '../../data/api.js'
import { t } from '../../lang/words.js'

/**
 * @typedef {{ text: string, left: number, top: number, right: number, bottom: number, line: number }} Word places in shares of the page, 0 to 1
 * @typedef {{ page: number, from: number, to: number }} Hit the first and the last word of it
 * @typedef {ReturnType<typeof createWords>} Words
 */

/**
 * Letters as they are compared: without case and accents.
 * @param {string} text
 */
export const folded = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * Where a text stands among the words of a page; it may begin and end within a word, and go over ends of lines.
 * @param {Word[]} words
 * @param {string} text
 * @param {number} page
 * @returns {Hit[]}
 */
export function hitsOn(words, text, page) {
  const wanted = folded(text).trim().replace(/\s+/g, ' ')
  if (!wanted) return []
  /** @type {number[]} */
  const starts = []
  let all = ''
  for (const word of words) {
    starts.push(all.length)
    all += `${folded(word.text)} `
  }
  const wordAt = (/** @type {number} */ place) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle] <= place) low = middle
      else high = middle - 1
    }
    return low
  }
  /** @type {Hit[]} */
  const hits = []
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + wanted.length)) hits.push({ page, from: wordAt(at), to: wordAt(at + wanted.length - 1) })
  return hits
}

/**
 * Words as text: a blank between two of them, a line for each line.
 * @param {Word[]} words
 */
export const asText = (words) => words.map((word, i) => (i === 0 ? '' : words[i - 1].line === word.line ? ' ' : '\n') + word.text).join('')

/**
 * The words of a document's pages, each page asked for once.
 * @param {string} address of the document: `/documents/17`
 */
export function createWords(address) {
  /** @type {Map<number, Promise<Word[]>>} */
  const kept = new Map()
  /** @param {number} page */
  async function ask(page) {
    let response
    try {
      response = await fetch(`${address}/words/${page}`, { credentials: 'same-origin' })
    } catch {
      throw new Refused(0, { code: 'client.unreachable', detail: t('The server cannot be reached.'), instruction: t('Try again when the connection is back.') })
    }
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new Refused(response.status, answer)
    return answer.words.map((/** @type {any[]} */ [text, left, top, right, bottom, line]) => ({ text, left: left / 1e4, top: top / 1e4, right: right / 1e4, bottom: bottom / 1e4, line }))
  }
  /**
   * The words of a page; a page that nobody read before is read by the server now.
   * @param {number} page
   * @returns {Promise<Word[]>}
   */
  const load = (page) => {
    const known = kept.get(page)
    if (known) return known
    const asked = ask(page)
    kept.set(page, asked)
    asked.catch(() => kept.delete(page))
    return asked
  }
  return { load }
}
