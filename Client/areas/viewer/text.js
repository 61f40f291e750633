// @ts-check
// The words of a page over its picture: not seen, but selected, copied and heard like any text; and the frames around what was found.

import { component, html } from '../../kit/ui.js'
import { t } from '../../lang/words.js'
import { asText } from './words.js'

const FONT = '100px system-ui, sans-serif'
/** @type {CanvasRenderingContext2D | null} */
let ruler = null
/**
 * How wide a word is at a height of one.
 * @param {string} text
 */
function width(text) {
  ruler ??= document.createElement('canvas').getContext('2d')
  if (!ruler) return text.length / 2
  ruler.font = FONT
  return ruler.measureText(text).width / 100 || 1
}

/**
 * @param {{ page: number, ratio: number, words: import('./words.js').Word[] }} of `ratio`: width of the page by its height
 */
export const textLayer = component(({ page, ratio, words }) => {
  /** Of what is selected whole words are taken, with blanks and ends of lines where the page has them. */
  const copy = (/** @type {ClipboardEvent} */ event) => {
    const chosen = getSelection()
    if (!chosen || chosen.isCollapsed) return
    const host = /** @type {HTMLElement} */ (event.currentTarget)
    const taken = words.filter((/** @type {any} */ _, /** @type {number} */ i) => chosen.containsNode(host.children[i], true))
    if (!taken.length) return
    event.preventDefault()
    event.clipboardData?.setData('text/plain', asText(taken))
  }
  return html`<div class="page-text" role="group" aria-label=${t('Text of page {n}', { n: page })} @copy=${copy}>${words.map((/** @type {import('./words.js').Word} */ word) => {
    const tall = word.bottom - word.top
    return html`<span style=${{
      '--left': `${word.left * 100}%`, '--top': `${word.top * 100}%`, '--tall': String(tall * 100), '--stretch': String(Math.max(0.01, ((word.right - word.left) * ratio) / (width(word.text) * Math.max(tall, 0.001)))),
    }}>${word.text} </span>`
  })}</div>`
})

/**
 * Frames around the words of what was found on a page.
 * @param {import('./words.js').Word[]} words
 * @param {import('./words.js').Hit[]} hits
 * @param {import('./words.js').Hit | undefined} now
 */
export const hitMarks = (words, hits, now) => html`<div class="find-marks" aria-hidden="true">${hits.flatMap((hit) => words.slice(hit.from, hit.to + 1).map((word) => html`<div class=${`find-mark${hit === now ? ' now' : ''}`}
  style=${{ '--top': `${word.top * 100}%`, '--right': `${(1 - word.right) * 100}%`, '--bottom': `${(1 - word.bottom) * 100}%`, '--left': `${word.left * 100}%` }}></div>`))}</div>`
